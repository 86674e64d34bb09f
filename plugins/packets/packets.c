/*
 * `packets`: the packet inspector. A packet's line waits until it is known what its bytes mean,
 * which may be told by a later packet; all lines behind it wait too, so that they stay in order.
 */
#include "plugins/packets/packets.h"

/* Packets that wait, and their bytes; live, how long. */
#define HELD_MAX 512
#define HELD_SIZE_MAX (4 << 20)
#define HELD_NS INT64_C(1000000000)

#define WIDTH 120 /* where there is no terminal */

static const SsOption packets_options[] = {
    {.key = "detail",
     .type = SS_OPTION_CHOICE,
     .fallback = "0",
     .choices = "0|1",
     .help = "the decoded layers as a tree, each field with its bytes"},
    {.key = "hex",
     .type = SS_OPTION_CHOICE,
     .fallback = "0",
     .choices = "0|1",
     .help = "the bytes, those of the layer in brackets"},
    {.key = "layer",
     .type = SS_OPTION_TEXT,
     .fallback = "",
     .help = "the layer whose bytes hex=1 marks: ethernet, ipv4, tcp, smtp …; the payload unless "
             "set"},
    {.key = "frames",
     .type = SS_OPTION_TEXT,
     .fallback = "",
     .help = "only these packets, as in 7+10-20; all unless set"},
    {.key = "time",
     .type = SS_OPTION_CHOICE,
     .fallback = "absolute",
     .choices = "absolute|relative|delta",
     .help = "UTC, or seconds since the first packet, or since the line before"},
    {.key = "format",
     .type = SS_OPTION_CHOICE,
     .fallback = "text",
     .choices = "text|json",
     .help = "lines for people, or an object a packet"},
    {.key = NULL},
};

/* --- frames=LIST --- */

static bool
parse_frames(const char *list, GArray **ret_frames)
{
    g_auto(GStrv) words = g_strsplit(list, "+", -1);
    GArray *frames = g_array_new(FALSE, FALSE, 2 * sizeof(uint64_t));

    for (size_t i = 0; words[i]; i++) {
        g_auto(GStrv) ends = g_strsplit(words[i], "-", 2);
        uint64_t range[2];
        bool is_good =
            ends[0] && g_ascii_string_to_unsigned(ends[0], 10, 1, G_MAXUINT64, &range[0], NULL);
        range[1] = range[0];
        if (is_good && ends[1]) {
            is_good =
                g_ascii_string_to_unsigned(ends[1], 10, range[0], G_MAXUINT64, &range[1], NULL);
        }
        if (!is_good) {
            g_array_unref(frames);
            return false;
        }
        g_array_append_val(frames, range);
    }
    *ret_frames = frames;
    return true;
}

static bool
is_asked_for(const SsPackets *self, uint64_t frame)
{
    for (guint i = 0; self->frames && i < self->frames->len; i++) {
        const uint64_t *range = (const uint64_t *)(const void *)(self->frames->data) + 2 * i;
        if (range[0] <= frame && frame <= range[1]) {
            return true;
        }
    }
    return self->frames == NULL;
}

/* --- held packets: copies of their events --- */

typedef struct {
    SsEvent event;
    GPtrArray *owned;
    size_t size;
    bool is_replaced; /* not taken, and then the bytes came in another packet */
    bool is_contradicted;
} Held;

static void *
own(Held *held, const void *data, size_t len)
{
    void *copy = g_memdup2(data, len);

    if (copy) {
        g_ptr_array_add(held->owned, copy);
        held->size += len + 16;
    }
    return copy;
}

static void
own_text(Held *held, SsSlice *text)
{
    if (text->data && text->len) {
        *text = ss_slice(own(held, text->data, text->len), text->len);
    } else if (text->data) {
        *text = ss_slice("", 0);
    }
}

static void
own_layers(Held *held, SsList *list)
{
    SsLayer *layers = list->items = own(held, list->items, list->n * sizeof *layers);

    for (size_t i = 0; i < list->n; i++) {
        SsLayerField *fields =
            own(held, layers[i].fields.items, layers[i].fields.n * sizeof *fields);
        layers[i].fields.items = fields;
        own_text(held, &layers[i].name);
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            own_text(held, &fields[k].name);
            own_text(held, &fields[k].value);
        }
    }
}

static Held *
held_new(const SsEvent *event)
{
    Held *held = g_new(Held, 1);
    SsEventPacket *packet = &held->event.packet;
    SsSlice *remarks;

    *held = (Held){
        .event = *event,
        .owned = g_ptr_array_new_with_free_func(g_free),
        .size = sizeof *held,
    };
    own_text(held, &packet->bucket);
    own_text(held, &packet->protocol);
    own_text(held, &packet->from.ip);
    own_text(held, &packet->to.ip);
    own_text(held, &packet->flags);
    own_text(held, &packet->bytes);
    remarks = packet->remarks.items =
        own(held, packet->remarks.items, packet->remarks.n * sizeof *remarks);
    for (size_t i = 0; i < packet->remarks.n; i++) {
        own_text(held, &remarks[i]);
    }
    own_layers(held, &packet->layers);
    return held;
}

static void
held_free(Held *held)
{
    g_ptr_array_unref(held->owned);
    g_free(held);
}

/* --- writing --- */

static void
find_parts(SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    uint64_t from = packet->offset, end = from + packet->payload;
    GList *link = shown->flow && packet->payload
                      ? ss_stream_spans(&shown->flow->stream[packet->direction & 1], from)
                      : NULL;

    for (; link; link = link->next) {
        const SsPacketsSpan *span = link->data;
        const SsEventSpan *about = &span->about;
        SsPacketsPart part = {span, MAX(from, about->offset) - about->offset,
                              MIN(end, about->offset + about->len) - about->offset};
        if (about->offset >= end) {
            break;
        }
        g_array_append_val(shown->parts, part);
    }
}

static bool
has_flag(const SsEventPacket *packet, uint8_t flag)
{
    return ss_slice_index(packet->flags, flag) < packet->flags.len;
}

static const char *
state_of(SsPacketsFlow *flow, const SsEventPacket *packet)
{
    if (!packet->is_tcp || !flow) {
        return NULL;
    }
    if (has_flag(packet, 'R')) {
        return "resets the connection";
    }
    if (has_flag(packet, 'S')) {
        flow->is_answered = flow->is_answered || has_flag(packet, '.');
        return has_flag(packet, '.') ? "accepts the connection" : "opens a connection";
    }
    if (has_flag(packet, 'F')) {
        return "closes its side";
    }
    if (flow->is_answered && !flow->is_connected && packet->direction == SS_CLIENT) {
        flow->is_connected = true;
        return "connected";
    }
    return NULL;
}

static bool
has_layer(const SsPackets *self, const SsShown *shown)
{
    const SsLayer *layers = shown->about->layers.items;

    if (shown->payload && (g_ascii_strcasecmp(self->layer, "payload") == 0 ||
                           g_ascii_strcasecmp(self->layer, ss_packets_payload_name(shown)) == 0)) {
        return true;
    }
    for (size_t i = 0; i < shown->about->layers.n; i++) {
        if (ss_slice_eq_nocase(layers[i].name, ss_slice_str(self->layer))) {
            return true;
        }
    }
    return false;
}

static bool
write_packet(SsPackets *self, const Held *held)
{
    const SsEventPacket *packet = &held->event.packet;
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(SsPacketsPart));
    g_autoptr(GString) text = g_string_new(NULL);
    SsShown shown = {
        .event = &held->event,
        .about = packet,
        .flow = ss_streams_find(&self->streams, packet->began),
        .parts = parts,
        .payload = packet->payload,
        .is_contradicted = held->is_contradicted,
    };

    if (packet->is_fragment || packet->payload_at > packet->captured) {
        shown.payload = 0;
    } else if (!packet->is_tcp) {
        shown.payload =
            self->has_detail || self->has_hex ? packet->captured - packet->payload_at : 0;
    } else {
        shown.payload = MIN(packet->payload, packet->captured - packet->payload_at);
    }
    if (!held->is_replaced) {
        find_parts(&shown);
    }
    if (self->layer && !self->has_layer) {
        self->has_layer = has_layer(self, &shown);
    }
    shown.state = state_of(shown.flow, packet);
    if (self->is_json) {
        ss_packets_json(self, text, &shown);
    } else {
        ss_packets_line(self, text, &shown);
        if (self->has_detail) {
            ss_packets_tree(self, text, &shown);
        }
        if (self->has_hex) {
            ss_packets_dump(self, text, &shown);
        }
        if (self->has_detail || self->has_hex) {
            g_string_append_c(text, '\n');
        }
    }
    self->last_ns = held->event.time_ns;
    return self->host->file_write(self->host, self->file, text->str, text->len);
}

/* --- waiting --- */

/* Bytes that the receiver may not take: they are read when it acknowledges them. */
static bool
is_doubtful(const SsEventPacket *packet)
{
    return packet->payload && ss_slice_eq(packet->bucket, SS_SLICE("not_taken"));
}

/* What a later packet delivers was not taken from an earlier one. */
static void
replace_doubtful(SsPackets *self, const SsEventPacket *by)
{
    if (!self->n_doubtful || !by->payload || !ss_slice_eq(by->bucket, SS_SLICE("delivered"))) {
        return;
    }
    for (GList *link = self->held.head; link; link = link->next) {
        Held *held = link->data;
        const SsEventPacket *packet = &held->event.packet;
        if (is_doubtful(packet) && packet->began == by->began &&
            packet->direction == by->direction && by->offset <= packet->offset &&
            packet->offset < by->offset + by->payload) {
            held->is_replaced = true;
        }
    }
}

/* Whether more may be told of its bytes. */
static bool
is_waiting(const SsPackets *self, const Held *held)
{
    const SsEventPacket *packet = &held->event.packet;
    const SsPacketsFlow *flow = ss_streams_find(&self->streams, packet->began);
    const SsStream *stream = flow ? &flow->stream[packet->direction & 1] : NULL;
    uint64_t need;

    if (!flow || flow->is_over) {
        return false;
    }
    if (self->is_json && packet->is_of_session && !flow->uid) {
        return true;
    }
    if (!packet->payload || held->is_replaced ||
        !(is_doubtful(packet) || ss_slice_eq(packet->bucket, SS_SLICE("delivered")))) {
        return false;
    }
    need = packet->captured < packet->len ? 1 : packet->payload; /* what was cut off is not read */
    return stream->frontier < packet->offset + need;
}

static bool
write_first(SsPackets *self)
{
    Held *held = g_queue_pop_head(&self->held);
    bool ok = write_packet(self, held);

    self->held_size -= held->size;
    self->n_doubtful -= is_doubtful(&held->event.packet);
    held_free(held);
    return ok;
}

/* Writes what need not wait, and what waits too long. */
static bool
write_ready(SsPackets *self)
{
    bool ok = true;

    while (ok && self->held.head &&
           (self->held.length > HELD_MAX || self->held_size > HELD_SIZE_MAX ||
            !is_waiting(self, self->held.head->data))) {
        ok = write_first(self);
    }
    return ok;
}

/* --- the plugin --- */

static void *
packets_open(const SsHost *host, char *err, size_t errlen)
{
    static const char *const times[] = {"absolute", "relative", "delta"};
    const char *list = host->option_text(host, "frames"), *layer = host->option_text(host, "layer");
    SsPackets *self = g_new0(SsPackets, 1);

    if (list && *list && !parse_frames(list, &self->frames)) {
        g_snprintf(err, errlen, "frames=%s: give numbers and ranges, as in 7+10-20", list);
        host->blame_options(host);
        g_free(self);
        return NULL;
    }
    if (layer && *layer &&
        (!g_str_equal(host->option_text(host, "hex"), "1") ||
         g_str_equal(host->option_text(host, "format"), "json"))) {
        g_snprintf(err, errlen, "layer=%s marks bytes of a dump: give hex=1, and no format=json",
                   layer);
        host->blame_options(host);
        g_clear_pointer(&self->frames, g_array_unref);
        g_free(self);
        return NULL;
    }
    self->host = host;
    self->file = host->file_open(host, host->dest, err, errlen);
    if (!self->file) {
        g_clear_pointer(&self->frames, g_array_unref);
        g_free(self);
        return NULL;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        if (g_str_equal(host->option_text(host, "time"), times[i])) {
            self->times = (SsTimes)i;
        }
    }
    self->has_detail = g_str_equal(host->option_text(host, "detail"), "1");
    self->has_hex = g_str_equal(host->option_text(host, "hex"), "1");
    self->is_json = g_str_equal(host->option_text(host, "format"), "json");
    if (!self->is_json) {
        ss_words_head_secrets(host, self->file);
    }
    self->layer = layer && *layer ? layer : NULL;
    self->has_color = !self->is_json && host->file_color(host, self->file);
    self->width = MAX(host->file_width(host, self->file), WIDTH);
    self->address_width = 35;
    self->first_ns = self->last_ns = self->day = INT64_MIN;
    ss_streams_init(&self->streams);
    host->want(host, SS_WANT(SS_EVENT_PACKET) | SS_WANT(SS_EVENT_SPAN),
               self->has_detail || self->has_hex ? SS_NEED_LAYERS : 0);
    return self;
}

/* The bytes that are read in the place of these may be either packet's: both are doubtful. */
static void
contradict_held(SsPackets *self, const SsEventPacket *packet)
{
    for (GList *link = self->held.head; link; link = link->next) {
        Held *held = link->data;
        const SsEventPacket *other = &held->event.packet;

        if (other->began == packet->began && other->direction == packet->direction &&
            other->offset < packet->offset + packet->payload &&
            packet->offset < other->offset + other->payload) {
            held->is_contradicted = true;
        }
    }
}

static bool
take_packet(SsPackets *self, const SsEvent *event)
{
    Held *held;

    if (self->first_ns == INT64_MIN) {
        self->first_ns = event->time_ns;
    }
    self->last_frame = MAX(self->last_frame, event->frame);
    ss_streams_take_packet(&self->streams, event);
    replace_doubtful(self, &event->packet);
    if (event->packet.began && ss_packets_has_remark(&event->packet, SS_SLICE("conflict"))) {
        contradict_held(self, &event->packet);
    }
    if (!is_asked_for(self, event->frame)) {
        return write_ready(self);
    }
    held = held_new(event);
    g_queue_push_tail(&self->held, held);
    self->held_size += held->size;
    self->n_doubtful += is_doubtful(&held->event.packet);
    return write_ready(self);
}

static bool
packets_event(void *data, void *session, const SsHost *host, const SsEvent *event)
{
    SsPackets *self = data;

    (void)session;
    (void)host;
    switch (event->type) {
    case SS_EVENT_PACKET:
        return take_packet(self, event);
    case SS_EVENT_SPAN:
        ss_streams_take_span(&self->streams, event);
        break;
    default:
        break;
    }
    return write_ready(self);
}

static bool
packets_tick(void *data, const SsHost *host, int64_t now_ns)
{
    SsPackets *self = data;
    bool ok = true;

    (void)host;
    while (ok && self->held.head &&
           now_ns - ((const Held *)self->held.head->data)->event.time_ns >= HELD_NS) {
        ok = write_first(self) && write_ready(self);
    }
    return ok;
}

/* What was asked for and is not there. */
static void
tell_unmet(const SsPackets *self)
{
    const SsHost *host = self->host;
    g_autofree char *text = NULL;

    for (guint i = 0; self->frames && i < self->frames->len && !text; i++) {
        const uint64_t *range = (const uint64_t *)(const void *)(self->frames->data) + 2 * i;
        if (range[0] > self->last_frame) {
            text = g_strdup_printf("frames=%" PRIu64 ": there %s %" PRIu64 " packet%s", range[0],
                                   self->last_frame == 1 ? "is" : "are", self->last_frame,
                                   self->last_frame == 1 ? "" : "s");
            host->tell(host, text);
        }
    }
    if (self->layer && !self->has_layer) {
        g_autofree char *layer_text = g_strdup_printf(
            "layer=%s: no packet shown has a layer of that name (detail=1 shows their layers)",
            self->layer);
        host->tell(host, layer_text);
    }
}

static bool
packets_close(void *data, const SsHost *host)
{
    SsPackets *self = data;
    bool ok = true;

    while (self->held.head) {
        ok = write_first(self) && ok;
    }
    tell_unmet(self);
    ok = host->file_close(host, self->file) && ok;
    ss_streams_clear(&self->streams);
    g_clear_pointer(&self->frames, g_array_unref);
    g_free(self);
    return ok;
}

const SsPlugin ss_plugin_packets = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "packets",
    .summary = "a line a packet: TCP's state, and what its bytes mean",
    .options = packets_options,
    .wants = SS_WANT(SS_EVENT_PACKET) | SS_WANT(SS_EVENT_SPAN),
    .needs = SS_NEED_LAYERS,
    .open = packets_open,
    .event = packets_event,
    .tick = packets_tick,
    .close = packets_close,
    .dest = SS_DEST_FILE,
};
