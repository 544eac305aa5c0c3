/*
 * _host: what the library slices written in Python (src/python/lib) need of C: the callbacks of
 * the run's configuration, digests, marks and refusals. Programs have no reason to import it.
 */
#include "config.h"

#include "base/digest.h"
#include "python/interp.h"

static struct py_value host_environ(struct py_run *run, struct py_call *call)
{
    (void)call;
    struct py_value dict = py_new_dict(run);
    const struct py_environ *e = py_run_config(run)->environ;
    for (; e && e->name; e++)
        py_dict_put_name(run, py_dict_of(dict), e->name, py_new_str(run, e->value));
    return dict;
}

static struct py_value host_now(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct py_config *config = py_run_config(run);
    if (!config->now)
        py_refuse(run, PY_REFUSE_HOST, "the time is not known here");
    return py_marked(py_int(config->now(config->payload)));
}

static struct py_value host_random_bytes(struct py_run *run, struct py_call *call)
{
    enum { MAX = 1 << 20 };
    const struct py_config *config = py_run_config(run);
    int64_t len = py_as_int64(run, call->args[0], "number of bytes");
    if (!config->random)
        py_refuse(run, PY_REFUSE_HOST, "random numbers are not known here");
    if (len < 0)
        py_raise(run, &py_value_error_class, "negative argument not allowed");
    if (len > MAX)
        py_limit(run, PY_REFUSE_LIMIT_STRING, "more than %d random bytes", MAX);
    unsigned char *bytes = py_alloc(run, (size_t)len + 1);
    config->random(bytes, (size_t)len, config->payload);
    return py_marked(py_new_bytes(run, bytes, (size_t)len));
}

static struct py_value host_marked(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_marked(call->args[0]);
}

static struct py_value host_unknown(struct py_run *run, struct py_call *call)
{
    return py_new_unknown(run, PY_REFUSE_VALUE, py_as_string(run, call->args[0], "what"),
                          py_as_string(run, call->args[1], "reason"));
}

static struct py_value host_is_unknown(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_bool(py_is_unknown(call->args[0]));
}

static struct py_value host_refuse(struct py_run *run, struct py_call *call)
{
    py_refuse(run, PY_REFUSE_LIBRARY, "%s", py_as_string(run, call->args[0], "reason"));
}

/* An object that is nothing but its __dict__: no native state that a copy would lose. */
static struct py_value host_is_plain_object(struct py_run *run, struct py_call *call)
{
    (void)run;
    struct py_value v = py_require_known(run, call->args[0]);
    return py_bool(py_is_layout(v, PY_LAYOUT_INSTANCE) && v.object->cls->payload_size == 0 &&
                   !v.object->cls->partial);
}

typedef void (*digest_fn)(const void *data, size_t len, unsigned char *out);

static struct py_value digest_of(struct py_run *run, struct py_call *call, digest_fn fn,
                                 size_t size)
{
    unsigned char out[SHA256_SIZE];
    struct py_value v = py_require_known(run, call->args[0]);
    if (!py_is_bytes(v))
        py_raise(run, &py_type_error_class, "object supporting the buffer API required");
    fn(py_bytes_of(v)->ptr, py_bytes_of(v)->len, out);
    return py_new_bytes(run, out, size);
}

static struct py_value host_md5(struct py_run *run, struct py_call *call)
{
    return digest_of(run, call, md5, MD5_SIZE);
}

static struct py_value host_sha1(struct py_run *run, struct py_call *call)
{
    return digest_of(run, call, sha1, SHA1_SIZE);
}

static struct py_value host_sha224(struct py_run *run, struct py_call *call)
{
    return digest_of(run, call, sha224, SHA224_SIZE);
}

static struct py_value host_sha256(struct py_run *run, struct py_call *call)
{
    return digest_of(run, call, sha256, SHA256_SIZE);
}

static const struct py_member host_members[] = {
    PY_FUNCTION_N("environ", host_environ, 0, 0),
    PY_FUNCTION_N("now", host_now, 0, 0),
    PY_FUNCTION_N("random_bytes", host_random_bytes, 1, 1),
    PY_FUNCTION_N("marked", host_marked, 1, 1),
    PY_FUNCTION_N("unknown", host_unknown, 2, 2),
    PY_FUNCTION_N("is_unknown", host_is_unknown, 1, 1),
    PY_FUNCTION_N("refuse", host_refuse, 1, 1),
    PY_FUNCTION_N("is_plain_object", host_is_plain_object, 1, 1),
    PY_FUNCTION_N("md5", host_md5, 1, 1),
    PY_FUNCTION_N("sha1", host_sha1, 1, 1),
    PY_FUNCTION_N("sha224", host_sha224, 1, 1),
    PY_FUNCTION_N("sha256", host_sha256, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_module py_host_module = {"_host", host_members, PY_MODULE_COMPLETE, NULL};
