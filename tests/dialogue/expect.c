#include "expect.h"

GPtrArray *
ss_expect_read(const char *json_lines, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);
    g_auto(GStrv) lines = g_strsplit(json_lines, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (lines[i][0] == '\0') {
            continue;
        }
        JsonNode *node = json_from_string(lines[i], error);
        if (!node) {
            g_prefix_error(error, "%s: ", lines[i]);
            return NULL;
        }
        g_ptr_array_add(events, node);
    }
    return g_steal_pointer(&events);
}

static const char *
type_of(JsonNode *event)
{
    return json_object_get_string_member_with_default(json_node_get_object(event), "type", "");
}

GPtrArray *
ss_expect_select(const SsDialogue *dialogue, GPtrArray *events)
{
    GPtrArray *selected = g_ptr_array_new();
    for (guint i = 0; i < events->len; i++) {
        JsonNode *event = g_ptr_array_index(events, i);
        SsEventType type = ss_event_type_of_name(ss_slice_str(type_of(event)));
        if (type == SS_N_EVENT_TYPES || !(dialogue->types & SS_WANT(type))) {
            continue;
        }
        if (type == SS_EVENT_FINDING && dialogue->findings) {
            const char *id =
                json_object_get_string_member_with_default(json_node_get_object(event), "id", "");
            if (!g_strv_contains((const char *const *)dialogue->findings, id)) {
                continue;
            }
        }
        g_ptr_array_add(selected, event);
    }
    return selected;
}

static bool node_matches(JsonNode *expected, JsonNode *actual, GString *path);

static bool
object_matches(JsonObject *expected, JsonObject *actual, GString *path)
{
    g_autoptr(GList) members = json_object_get_members(expected);
    for (GList *at = members; at; at = at->next) {
        gsize len = path->len;
        g_string_append_printf(path, ".%s", (const char *)at->data);
        JsonNode *other = json_object_get_member(actual, at->data);
        if (!other || !node_matches(json_object_get_member(expected, at->data), other, path)) {
            return false;
        }
        g_string_truncate(path, len);
    }
    return true;
}

static bool
array_matches(JsonArray *expected, JsonArray *actual, GString *path)
{
    if (json_array_get_length(expected) != json_array_get_length(actual)) {
        g_string_append(path, " (length)");
        return false;
    }
    for (guint i = 0; i < json_array_get_length(expected); i++) {
        gsize len = path->len;
        g_string_append_printf(path, "[%u]", i);
        if (!node_matches(json_array_get_element(expected, i), json_array_get_element(actual, i),
                          path)) {
            return false;
        }
        g_string_truncate(path, len);
    }
    return true;
}

/* On false, `path` is where they differ. */
static bool
node_matches(JsonNode *expected, JsonNode *actual, GString *path)
{
    if (JSON_NODE_TYPE(expected) != JSON_NODE_TYPE(actual)) {
        return false;
    }
    switch (JSON_NODE_TYPE(expected)) {
    case JSON_NODE_OBJECT:
        return object_matches(json_node_get_object(expected), json_node_get_object(actual), path);
    case JSON_NODE_ARRAY:
        return array_matches(json_node_get_array(expected), json_node_get_array(actual), path);
    case JSON_NODE_VALUE:
        return json_node_equal(expected, actual);
    default:
        return true;
    }
}

static void
append_event(GString *to, const char *label, JsonNode *event)
{
    g_autofree char *text = event ? json_to_string(event, FALSE) : g_strdup("nothing");
    g_string_append_printf(to, "%s %s\n", label, text);
}

bool
ss_expect_events(const SsDialogue *dialogue, GPtrArray *events, GString *ret_why)
{
    g_autoptr(GPtrArray) actual = ss_expect_select(dialogue, events);
    bool is_same = true;
    for (guint i = 0; i < MAX(actual->len, dialogue->expected->len); i++) {
        JsonNode *got = i < actual->len ? g_ptr_array_index(actual, i) : NULL;
        g_autoptr(JsonNode) expected = NULL;
        if (i < dialogue->expected->len) {
            g_autoptr(GError) error = NULL;
            const char *text = g_ptr_array_index(dialogue->expected, i);
            expected = json_from_string(text, &error);
            if (!expected) {
                g_string_append_printf(ret_why, "not JSON: %s: %s\n", text,
                                       error ? error->message : "empty");
                is_same = false;
                continue;
            }
        }
        g_autoptr(GString) path = g_string_new(NULL);
        if (!got || !expected || !node_matches(expected, got, path)) {
            g_string_append_printf(ret_why, "event %u differs at %s\n", i + 1,
                                   path->len ? path->str : "its presence");
            append_event(ret_why, "  expected", expected);
            append_event(ret_why, "  got     ", got);
            is_same = false;
        }
    }
    return is_same;
}

/* What depends on the packets and not on what was said. */
static const char *const left_out[] = {
    "frame",
    "frames",
    "time",
    "end",
    "duration",
    "timing",
    "delays",
    "wait",
    "whose",
    "ack_time",
    "gave_up",
    "latency",
    "uid",
    "hold_until", /* with as many digits as the capture's times */
    "rrvs",
    "community_id",
    "transfer_time",
    "server_time",
    "packets",
    "ip",
    "uids",
    "retransmitted_bytes",
    "retransmitted_packets",
    "zero_windows",
    "mss",
    "ttl",
    "round_trip",
    "remarks",
    "cause",
    "ttl",
    "usual_ttl",
    "summary",
    "seconds",
    "early",
    "tcp.loss",
    NULL,
};

/* Of a direction that was not captured, acknowledgements tell how much there was, to the last one.
 */
static void
strip_unseen(const SsDialogue *dialogue, JsonObject *session)
{
    static const char *const sides[] = {"client", "server"};
    for (int side = 0; side < 2; side++) {
        JsonObject *peer = json_object_get_object_member(session, sides[side]);
        if (!dialogue->is_seen[side] && peer) {
            json_object_remove_member(peer, "missing_bytes");
        }
    }
}

static void
strip(JsonNode *node)
{
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);
        for (guint i = 0; i < json_array_get_length(array); i++) {
            strip(json_array_get_element(array, i));
        }
    }
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        JsonObject *object = json_node_get_object(node);
        for (const char *const *key = left_out; *key; key++) {
            if (json_object_has_member(object, *key)) {
                json_object_remove_member(object, *key);
            }
        }
        g_autoptr(GList) values = json_object_get_values(object);
        for (GList *at = values; at; at = at->next) {
            strip(at->data);
        }
    }
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *
ss_expect_canonical(const SsDialogue *dialogue, GPtrArray *events)
{
    GString *canonical = g_string_new(NULL);
    for (int type = 0; type < SS_EVENT_CAPTURE; type++) {
        const char *name = ss_event_type_name((SsEventType)type);
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < events->len; i++) {
            JsonNode *event = g_ptr_array_index(events, i);
            if (strcmp(type_of(event), name) != 0) {
                continue;
            }
            JsonObject *object = json_node_get_object(event);
            if (type == SS_EVENT_FINDING &&
                strcmp(json_object_get_string_member_with_default(object, "id", ""), "tcp.loss") ==
                    0) {
                continue; /* packets sent again are a matter of the packets */
            }
            g_autofree char *text = json_to_string(event, FALSE);
            g_autoptr(JsonNode) own = json_from_string(text, NULL);
            strip(own);
            if (type == SS_EVENT_SESSION) {
                strip_unseen(dialogue, json_node_get_object(own));
            }
            g_ptr_array_add(lines, json_to_string(own, FALSE));
        }
        if (type == SS_EVENT_FINDING) {
            g_ptr_array_sort(lines, compare_lines);
        }
        for (guint i = 0; i < lines->len; i++) {
            g_string_append_printf(canonical, "%s\n", (char *)g_ptr_array_index(lines, i));
        }
    }
    return g_string_free(canonical, FALSE);
}

JsonObject *
ss_expect_message(GPtrArray *events, uint64_t index)
{
    for (guint i = 0; i < events->len; i++) {
        JsonNode *event = g_ptr_array_index(events, i);
        JsonObject *object = json_node_get_object(event);
        if (strcmp(type_of(event), "message") == 0 &&
            (uint64_t)json_object_get_int_member_with_default(object, "index", 0) == index) {
            return object;
        }
    }
    return NULL;
}
