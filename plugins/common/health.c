/*
 * The words for what a capture lacks, and for the ledger's buckets. The names are those of the
 * `capture` event; one that has no words here is shown as it is, never left out.
 */
#include "plugins/common/health.h"

#include "plugins/common/words.h"

uint64_t
ss_tally_of(const SsList *tallies, const char *name)
{
    const SsTally *tally = tallies->items;

    for (size_t i = 0; i < tallies->n; i++) {
        if (ss_slice_eq(tally[i].key, ss_slice_str(name))) {
            return tally[i].n;
        }
    }
    return 0;
}

/* --- what is wrong --- */

typedef enum {
    FROM_ARTEFACTS,
    FROM_LEDGER,
} Source;

/* "N packets" and what befell them. */
typedef struct {
    Source source;
    bool is_bad;
    const char *name;
    const char *one, *many; /* what is counted; "" where `text` begins with the words */
    const char *text;
} Row;

/* The worst first. */
static const Row rows[] = {
    {FROM_ARTEFACTS, true, "damaged_files", "input is", "inputs are",
     " damaged or cut short: what stands behind the damage was not read"},
    {FROM_ARTEFACTS, true, "snap_length", "packet was", "packets were",
     " cut by the snap length: capture with -s 0"},
    {FROM_LEDGER, true, "truncated", "packet ends", "packets end",
     " within the headers: capture with -s 0"},
    {FROM_LEDGER, true, "unknown_link", "packet has", "packets have",
     " a link type that is not read: convert the capture to Ethernet"},
    {FROM_LEDGER, true, "unsupported_encap", "packet is", "packets are",
     " in a tunnel that is not read: capture where it ends"},
    {FROM_LEDGER, true, "encap_limit", "packet is", "packets are",
     " in more tunnels than are read: capture where they end"},
    {FROM_ARTEFACTS, true, "fragment_open", "IP datagram", "IP datagrams",
     " lacked fragments when the capture ended, and could not be read"},
    {FROM_ARTEFACTS, true, "fragment_timeout", "IP datagram", "IP datagrams",
     " lacked fragments and could not be read: capture every path, and all fragments"},
    {FROM_ARTEFACTS, true, "fragment_evicted", "IP datagram", "IP datagrams",
     " in fragments given up for want of memory: more were in parts at once than are kept"},
    {FROM_ARTEFACTS, true, "fragment_overlap", "IP datagram has", "IP datagrams have",
     " fragments that overlap with different bytes: its receiver may have read it in another way"},
    {FROM_ARTEFACTS, true, "time_jump", "time", "times",
     " the capture's clock went backwards: durations there are not to be trusted; merge captures "
     "in order of time"},
    {FROM_LEDGER, true, "late", "packet came", "packets came",
     " after the bytes in it had been given up as missing: was the capture merged out of order?"},
    {FROM_ARTEFACTS, false, "bad_checksum", "packet has", "packets have",
     " a wrong checksum, of senders whose others are right: damaged on the way, or forged"},
    {FROM_ARTEFACTS, false, "fragment_tiny", "IP datagram has", "IP datagrams have",
     " a first fragment that splits the TCP header: a way around filters"},
    {FROM_ARTEFACTS, false, "fragment_oversize", "IP fragment reaches", "IP fragments reach",
     " beyond the largest datagram: an attack on old hosts"},
    {FROM_ARTEFACTS, false, "odd_option", "packet has", "packets have",
     " a TCP option that lies about its length"},
    {FROM_ARTEFACTS, false, "duplicate", "packet was", "packets were",
     " seen twice, and counted once: captured at two places, or doubled on the way"},
    {FROM_ARTEFACTS, false, "no_length", "packet has", "packets have",
     " no length in the IP header: handed to the network card to be cut up (offload), normal when "
     "capturing on that host"},
    {FROM_ARTEFACTS, false, "offloaded", "packet is", "packets are",
     " longer than the network carries: captured before the network card cut them up or after it "
     "joined them (offload), normal when capturing on that host"},
    {FROM_ARTEFACTS, false, "checksum_offload_hosts", "end of a connection has",
     "ends of connections have",
     " the checksums filled in by a network card: normal when capturing on that host"},
};

static void
line_free(void *data)
{
    SsHealthLine *line = data;

    g_free(line->text);
    g_free(line);
}

static void
add(GPtrArray *lines, bool is_bad, GString *text)
{
    SsHealthLine *line = g_new(SsHealthLine, 1);

    *line = (SsHealthLine){is_bad, g_string_free(text, FALSE)};
    g_ptr_array_add(lines, line);
}

/* What was captured and what was lost need not be of the same kind: those lost were not read. */
static void
add_drops(GPtrArray *lines, const SsEventCapture *capture)
{
    GString *text;

    if (capture->dropped == SS_COUNT_NONE || capture->dropped == 0) {
        return;
    }
    text = g_string_new(NULL);
    ss_words_counted(text, capture->dropped, "packet was", "packets were");
    g_string_append(text,
                    " dropped, there was no room for them: capture with a larger buffer (-B)");
    add(lines, true, text);
}

GPtrArray *
ss_health_of(const SsEventCapture *capture)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);

    add_drops(lines, capture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const SsList *list =
            rows[i].source == FROM_LEDGER ? &capture->ledger.packets : &capture->artefacts;
        uint64_t n = ss_tally_of(list, rows[i].name);

        if (n) {
            GString *text = g_string_new(NULL);
            ss_words_counted(text, n, rows[i].one, rows[i].many);
            g_string_append(text, rows[i].text);
            add(lines, rows[i].is_bad, text);
        }
    }
    return lines;
}

void
ss_health_add_limits(GPtrArray *lines, const SsEventCapture *capture)
{
    const SsTally *tally = capture->limits.items;
    GString *text;

    if (capture->limits.n == 0) {
        return;
    }
    text = g_string_new("limits were met (see --limit): ");
    for (size_t i = 0; i < capture->limits.n; i++) {
        g_string_append_printf(text, "%s%.*s ", i ? ", " : "", (int)tally[i].key.len,
                               (const char *)tally[i].key.data);
        ss_words_counted(text, tally[i].n, "time", "times");
    }
    add(lines, true, text);
}

/* --- the ledger --- */

static const struct {
    const char *name, *label;
} buckets[] = {
    {"delivered", "read, in order"},
    {"no_payload", "no payload (handshake, ACK, FIN)"},
    {"retransmitted", "sent again, seen before"},
    {"duplicate", "the same packet seen twice"},
    {"conflicting", "sent again with other bytes"},
    {"late", "came after it was given up"},
    {"keep_alive", "keep-alives and window probes"},
    {"other_port", "TCP of other ports, or not SMTP"},
    {"after_end", "of connections that had ended"},
    {"stray", "resets of no session"},
    {"out_of_window", "beyond what the receiver takes"},
    {"before_start", "before the start of the stream"},
    {"after_fin", "behind the end of the stream"},
    {"not_taken", "doubtful, and never acknowledged"},
    {"urgent", "urgent bytes, outside the stream"},
    {"discarded", "given up for a limit"},
    {"not_ip", "not IP"},
    {"not_tcp", "IP, not TCP"},
    {"fragment", "fragments, read with their last one"},
    {"bad_fragment", "fragments that no datagram can have"},
    {"truncated", "cut within the headers"},
    {"malformed", "headers that contradict themselves"},
    {"bad_ip_header", "IP header of a wrong length"},
    {"bad_tcp_header", "TCP header of a wrong length"},
    {"header_limit", "more IPv6 headers than are read"},
    {"encap_limit", "more tags or tunnels than are read"},
    {"unknown_link", "a link type that is not read"},
    {"unsupported_encap", "a tunnel that is not read"},
    {"filtered", "left out by the filter"},
};

char *
ss_health_bucket(SsSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(buckets); i++) {
        if (ss_slice_eq(name, ss_slice_str(buckets[i].name))) {
            return g_strdup(buckets[i].label);
        }
    }
    return g_strndup((const char *)name.data, name.len);
}
