# inspect: cleandoc, which SQL texts are put through. Everything else looks at running code.


def cleandoc(doc):
    lines = doc.expandtabs().split('\n')
    margin = None
    for line in lines[1:]:
        content = len(line.lstrip(' '))
        if content:
            indent = len(line) - content
            margin = indent if margin is None else min(margin, indent)
    cleaned = [lines[0].lstrip(' ')]
    for line in lines[1:]:
        cleaned.append(line[margin:] if margin is not None else line)
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    while cleaned and not cleaned[0]:
        cleaned.pop(0)
    return '\n'.join(cleaned)
