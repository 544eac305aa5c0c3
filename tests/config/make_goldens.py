#!/usr/bin/python3
"""Writes what Python makes of the files here, as *.expected: configparser, python-dotenv, tomllib and
SQLAlchemy. Run it after adding a file; needs python-dotenv and SQLAlchemy 2.0."""

import configparser
import io
import json
import pathlib
import re
import tomllib

import dotenv.main
import dotenv.parser
from sqlalchemy.engine import make_url

here = pathlib.Path(__file__).parent


def quoted(text):
    return "-" if text is None else json.dumps(text, ensure_ascii=False)


def ini(path):
    parser = configparser.ConfigParser({"here": "/here"})
    try:
        with open(path, encoding="utf-8") as f:
            parser.read_file(f)
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError,
            configparser.MissingSectionHeaderError) as e:
        return f"error at line {e.lineno}\n"
    except configparser.ParsingError as e:
        return f"error at line {e.errors[0][0]}\n"
    out = ""
    for section in parser.sections():
        out += f"[{section}]\n"
        for key in parser.options(section):
            out += f"{key} = {quoted(parser.get(section, key, raw=True))}"
            try:
                out += f" {quoted(parser.get(section, key))}\n"
            except configparser.InterpolationError:
                out += " error\n"
    return out


def env(path):
    text = io.TextIOWrapper(open(path, "rb"), encoding="utf-8").read()
    raw, bad = {}, 0
    for b in dotenv.parser.parse_stream(io.StringIO(text)):
        if b.error and not bad:
            bad = b.original.line + re.match(r"\s*", b.original.string).group().count("\n")
        if b.key is not None:
            raw[b.key] = b.value
    out = "".join(f"{k} = {quoted(v)}\n" for k, v in raw.items()) + f"bad line {bad}\n"
    dotenv.main.os.environ = {"HOST_ENV": "from env"}
    for override in (False, True):
        values = dotenv.main.DotEnv(path, encoding="utf-8", override=override).dict()
        out += f"override {override}\n"
        out += "".join(f"{k} = {quoted(v)}\n" for k, v in values.items())
    return out


def toml_lines(value, path):
    if isinstance(value, dict):
        yield f"{path} table\n"
        for k, v in value.items():
            yield from toml_lines(v, f"{path}/{k}")
    elif isinstance(value, list):
        yield f"{path} array {len(value)}\n"
        for i, v in enumerate(value):
            yield from toml_lines(v, f"{path}/{i}")
    elif isinstance(value, bool) or isinstance(value, int):
        yield f"{path} {str(value).lower()}\n"
    elif isinstance(value, str):
        yield f"{path} {quoted(value)}\n"
    else:
        yield f"{path} {'float' if isinstance(value, float) else 'time'}\n"


def toml(path):
    try:
        return "".join(toml_lines(tomllib.loads(path.read_bytes().decode()), ""))
    except tomllib.TOMLDecodeError as e:
        return "error\n"


def url(text):
    try:
        parsed = make_url(text)
        args, options = parsed.get_dialect()().create_connect_args(parsed)
    except Exception:
        return f"{text}\n  error\n"
    options = {k: str(v) for k, v in options.items() if v != ""}
    return f"{text}\n  {parsed.render_as_string()}\n" + "".join(
        f"  {k} = {quoted(v)}\n" for k, v in sorted(options.items()))


def main():
    for folder, suffix, dump in (("ini", ".ini", ini), ("dotenv", ".env", env),
                                 ("toml", ".toml", toml)):
        for path in sorted((here / folder).glob("*" + suffix)):
            with open(path.with_suffix(".expected"), "w", newline="") as f:
                f.write(dump(path))
    lines = (here / "urls.txt").read_text().splitlines()
    (here / "urls.expected").write_text("".join(url(line) for line in lines))


if __name__ == "__main__":
    main()
