#include "plugins/smtp-refusal/retry.h"

/* Bytes of a path, RFC 5321 section 4.5.3.1.3 has 256; what is longer is not remembered. */
#define PATH_MAX_LEN 1024

static void
append_lower(GString *to, SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        g_string_append_c(to, (char)ss_ascii_lower(text.data[i]));
    }
}

/* Owned by the caller; NULL where one is too long or absent. Letters compare without case; no path
 * has a line end in it. */
static GBytes *
key_of(SsSlice from, SsSlice address)
{
    GString *key;

    if (ss_slice_is_null(from) || ss_slice_is_null(address) || from.len > PATH_MAX_LEN ||
        address.len > PATH_MAX_LEN) {
        return NULL;
    }
    key = g_string_sized_new(from.len + address.len + 1);
    append_lower(key, from);
    g_string_append_c(key, '\n');
    append_lower(key, address);
    return g_string_free_to_bytes(key);
}

static GBytes *
bytes_of(SsSlice text)
{
    return text.len ? g_bytes_new(text.data, text.len) : NULL;
}

static SsSlice
slice_of(GBytes *bytes)
{
    gsize len = 0;
    const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

    return ss_slice(data, len);
}

static void
retry_clear(SsRetry *retry)
{
    g_clear_pointer(&retry->size, g_bytes_unref);
    g_clear_pointer(&retry->client_ip, g_bytes_unref);
    g_clear_pointer(&retry->client_name, g_bytes_unref);
}

static void
retry_free(void *data)
{
    SsRetry *retry = data;

    retry_clear(retry);
    g_bytes_unref(retry->key);
    g_free(retry);
}

void
ss_retries_init(SsRetries *retries)
{
    retries->by_key = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, NULL, retry_free);
    g_queue_init(&retries->order);
}

void
ss_retries_clear(SsRetries *retries)
{
    g_hash_table_unref(retries->by_key);
}

static SsRetry *
look_up(const SsRetries *retries, SsSlice from, SsSlice address)
{
    g_autoptr(GBytes) key = NULL;

    if (g_hash_table_size(retries->by_key) == 0) {
        return NULL;
    }
    key = key_of(from, address);
    return key ? g_hash_table_lookup(retries->by_key, key) : NULL;
}

bool
ss_retries_may_have(const SsRetries *retries, SsSlice from, SsSlice address)
{
    return look_up(retries, from, address) != NULL;
}

/* "192.0.2." of an IPv4 address; empty of others. */
static SsSlice
network(SsSlice ip)
{
    size_t len = ip.len;

    if (ss_slice_index(ip, ':') < ip.len) {
        return SS_SLICE_NULL;
    }
    while (len && ip.data[len - 1] != '.') {
        len--;
    }
    return ss_slice_sub(ip, 0, len);
}

static bool
is_same_client(const SsRetry *retry, const SsEnvelope *envelope)
{
    SsSlice ip = slice_of(retry->client_ip), name = slice_of(retry->client_name);

    return (ip.len && ss_slice_eq(ip, envelope->client_ip)) ||
           (name.len && ss_slice_eq_nocase(name, envelope->client_name)) ||
           (network(ip).len && ss_slice_eq(network(ip), network(envelope->client_ip)));
}

SsRetry *
ss_retries_find(const SsRetries *retries, const SsEnvelope *envelope, uint64_t uid)
{
    SsRetry *retry = look_up(retries, envelope->from, envelope->address);
    SsSlice size;

    if (!retry || !is_same_client(retry, envelope)) {
        return NULL;
    }
    size = slice_of(retry->size);
    if (size.len && envelope->size.len && !ss_slice_eq(size, envelope->size)) {
        return NULL; /* another message */
    }
    return retry->last_uid == uid ? NULL : retry;
}

void
ss_retries_remove(SsRetries *retries, SsRetry *retry)
{
    g_queue_unlink(&retries->order, &retry->link);
    g_hash_table_remove(retries->by_key, retry->key);
}

void
ss_retries_put(SsRetries *retries, const SsEnvelope *envelope, uint64_t uid, int64_t time_ns,
               const char *meaning)
{
    g_autoptr(GBytes) key = key_of(envelope->from, envelope->address);
    SsRetry *retry;

    if (!key) {
        return;
    }
    retry = ss_retries_find(retries, envelope, uid);
    if (!retry) {
        retry = g_hash_table_lookup(retries->by_key, key);
        if (retry) {
            ss_retries_remove(retries, retry);
        }
        retry = g_new0(SsRetry, 1);
        retry->link.data = retry;
        retry->key = g_steal_pointer(&key);
        retry->first_ns = time_ns;
        retry->meaning = meaning;
        g_hash_table_insert(retries->by_key, retry->key, retry);
    } else {
        g_queue_unlink(&retries->order, &retry->link);
        retry_clear(retry);
    }
    g_queue_push_tail_link(&retries->order, &retry->link);
    retry->size = bytes_of(envelope->size);
    retry->client_ip = bytes_of(envelope->client_ip);
    retry->client_name = bytes_of(envelope->client_name);
    if (retry->n_attempts < SS_RETRY_UIDS_MAX) {
        retry->uids[retry->n_attempts] = uid;
    }
    retry->last_uid = uid;
    retry->n_attempts++;
    if (retries->order.length > SS_RETRIES_MAX) {
        ss_retries_remove(retries, retries->order.head->data);
    }
}
