/* Names of events, orders and states, from their tables. */
#include "config.h"

#include "base/str.h"
#include "run/runner.h"

static const char *const event_names[RUN_EVENT_COUNT] = {
#define EVENT(id, name) [RUN_EVENT_##id] = (name),
#include "run/run_events.def"
#undef EVENT
};

static const char *const order_names[RUNNER_ORDER_COUNT] = {
#define ORDER(id, name) [RUNNER_##id] = (name),
#include "run/run_orders.def"
#undef ORDER
};

static const struct {
    const char *name, *words;
} states[RUNNER_STATE_COUNT] = {
#define STATE(id, name, words) [RUNNER_##id] = {(name), (words)},
#include "run/run_states.def"
#undef STATE
};

const char *run_event_name(enum run_event_kind kind)
{
    return event_names[kind];
}

const char *runner_order_name(enum runner_order order)
{
    return order_names[order];
}

const char *runner_state_name(enum runner_state state)
{
    return states[state].name;
}

const char *runner_state_words(enum runner_state state)
{
    return states[state].words;
}

bool run_event_find(const char *name, enum run_event_kind *out)
{
    for (int i = 0; i < RUN_EVENT_COUNT; i++)
        if (str_eq(name, event_names[i])) {
            *out = (enum run_event_kind)i;
            return true;
        }
    return false;
}

bool runner_order_find(const char *name, enum runner_order *out)
{
    for (int i = 0; i < RUNNER_ORDER_COUNT; i++)
        if (str_eq(name, order_names[i])) {
            *out = (enum runner_order)i;
            return true;
        }
    return false;
}

bool runner_state_find(const char *name, enum runner_state *out)
{
    for (int i = 0; i < RUNNER_STATE_COUNT; i++)
        if (str_eq(name, states[i].name)) {
            *out = (enum runner_state)i;
            return true;
        }
    return false;
}
