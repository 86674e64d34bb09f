#include "tests/unit/capture/files.h"

#include <lzma.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

char *
file_make(const GByteArray *bytes)
{
    char *path = NULL;
    int fd = g_file_open_tmp("capture-XXXXXX", &path, NULL);
    g_assert(fd >= 0);
    size_t done = 0;
    while (done < bytes->len) {
        ssize_t n = write(fd, bytes->data + done, bytes->len - done);
        g_assert(n > 0);
        done += (size_t)n;
    }
    close(fd);
    return path;
}

static void
keep_secrets(void *user_data, SsSlice key_log)
{
    FileContents *contents = user_data;
    g_string_append_len(contents->secrets, (const char *)key_log.data, (gssize)key_log.len);
}

static void
keep_frame(FileContents *contents, SsFrame frame)
{
    put(contents->bytes, frame.bytes.data, frame.bytes.len);
    frame.bytes.data = NULL; /* what remains of it is its length */
    g_array_append_val(contents->frames, frame);
    contents->n_packets++;
}

FileContents *
file_read(const char *path)
{
    FileContents *contents = g_new0(FileContents, 1);
    contents->frames = g_array_new(FALSE, TRUE, sizeof(SsFrame));
    contents->bytes = g_byte_array_new();
    contents->secrets = g_string_new(NULL);
    contents->code = -1;

    g_autoptr(GError) error = NULL;
    g_autoptr(SsSource) source = ss_source_file_open(path, keep_secrets, contents, &error);
    contents->is_open = source != NULL;
    SsFrame frame = {0};
    while (source &&
           (contents->end = source->ops->next(source, &frame, &error)) == SS_SOURCE_FRAME) {
        keep_frame(contents, frame);
    }
    if (source) { /* and there it stays */
        g_assert(source->ops->next(source, &frame, NULL) == SS_SOURCE_END);
    }
    if (error) {
        contents->message = g_strdup(error->message);
        contents->code = error->code;
    }
    return contents;
}

FileContents *
file_read_bytes(const GByteArray *bytes)
{
    g_autofree char *path = file_make(bytes);
    FileContents *contents = file_read(path);
    unlink(path);
    return contents;
}

void
file_contents_free(FileContents *contents)
{
    g_array_unref(contents->frames);
    g_byte_array_unref(contents->bytes);
    g_string_free(contents->secrets, TRUE);
    g_free(contents->message);
    g_free(contents);
}

SsSlice
file_packet(const FileContents *contents, guint i)
{
    size_t at = 0;
    for (guint j = 0; j < i; j++) {
        at += g_array_index(contents->frames, SsFrame, j).bytes.len;
    }
    size_t len = g_array_index(contents->frames, SsFrame, i).bytes.len;
    return len ? ss_slice(contents->bytes->data + at, len) : ss_slice("", 0);
}

/* --- packing --- */

static size_t
pack_gzip(const GByteArray *bytes, uint8_t *out, size_t room)
{
    z_stream z = {0};
    g_assert(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = bytes->data;
    z.avail_in = bytes->len;
    z.next_out = out;
    z.avail_out = (uInt)room;
    g_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t len = z.total_out;
    deflateEnd(&z);
    return len;
}

GByteArray *
file_pack(const GByteArray *bytes, Packing packing)
{
    size_t room = bytes->len + bytes->len / 2 + 4096;
    g_autofree uint8_t *out = g_malloc(room);
    size_t len = 0;
    switch (packing) {
    case PACKING_GZIP:
        len = pack_gzip(bytes, out, room);
        break;
    case PACKING_ZSTD:
        len = ZSTD_compress(out, room, bytes->data, bytes->len, 3);
        g_assert(!ZSTD_isError(len));
        break;
    case PACKING_XZ: {
        lzma_ret rc = lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, bytes->data, bytes->len,
                                              out, &len, room);
        g_assert(rc == LZMA_OK);
        break;
    }
    default:
        if (bytes->len) {
            memcpy(out, bytes->data, bytes->len);
        }
        len = bytes->len;
        break;
    }
    GByteArray *packed = g_byte_array_new();
    put(packed, out, len);
    return packed;
}

/* --- classic pcap --- */

void
put_pcap_header(GByteArray *to, uint32_t magic, bool is_little)
{
    put_number(to, magic, 4, is_little);
    put_number(to, 2, 2, is_little);
    put_number(to, 4, 2, is_little);
    put_zeros(to, 8);
    put_number(to, 65535, 4, is_little);
    put_number(to, 1, 4, is_little);
}

void
put_pcap_record(GByteArray *to, unsigned i, bool is_little)
{
    put_number(to, i, 4, is_little);
    put_number(to, i, 4, is_little);
    put_number(to, i * 7, 4, is_little);
    put_number(to, i * 7 + 1, 4, is_little);
    for (unsigned j = 0; j < i * 7; j++) {
        put8(to, i);
    }
}
