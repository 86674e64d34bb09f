#include "gmime-tree.h"

#include <gmime/gmime.h>

#include "run.h"

void
tree_leaf_free(TreeLeaf *leaf)
{
    g_free(leaf->type);
    g_free(leaf->filename);
    g_free(leaf->sha256);
    g_free(leaf);
}

static void walk(GMimeObject *object, GPtrArray *leaves);

static void
add_part(GMimePart *part, TreeLeaf *leaf)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
    GByteArray *bytes;

    if (wrapper) {
        g_mime_data_wrapper_write_to_stream(wrapper, stream);
    }
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    leaf->filename = g_strdup(g_mime_part_get_filename(part));
    leaf->size = bytes->len;
    leaf->sha256 = run_sha256(ss_slice(bytes->data, bytes->len));
    g_object_unref(stream);
}

static void
add_leaf(GMimeObject *object, GPtrArray *leaves)
{
    TreeLeaf *leaf = g_new0(TreeLeaf, 1);
    g_autofree char *type =
        g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));

    leaf->type = g_ascii_strdown(type, -1);
    g_ptr_array_add(leaves, leaf);
    if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        leaf->is_message = true;
        if (message) {
            walk(g_mime_message_get_mime_part(message), leaves);
        }
    } else if (GMIME_IS_PART(object)) {
        add_part(GMIME_PART(object), leaf);
    }
}

static void
walk(GMimeObject *object, GPtrArray *leaves)
{
    if (object && GMIME_IS_MULTIPART(object)) {
        int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));

        for (int i = 0; i < n; i++) {
            walk(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), leaves);
        }
    } else if (object) {
        add_leaf(object, leaves);
    }
}

GPtrArray *
tree_read(SsSlice bytes)
{
    static gsize done = 0;
    GPtrArray *leaves = g_ptr_array_new_with_free_func((GDestroyNotify)tree_leaf_free);
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;

    if (g_once_init_enter(&done)) {
        g_mime_init();
        g_once_init_leave(&done, 1);
    }
    stream = g_mime_stream_mem_new_with_buffer((const char *)bytes.data, bytes.len);
    parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    if (!message) {
        g_ptr_array_unref(leaves);
        return NULL;
    }
    walk(g_mime_message_get_mime_part(message), leaves);
    g_object_unref(message);
    return leaves;
}

static bool
is_text(SsSlice slice, const char *text)
{
    return text ? !ss_slice_is_null(slice) && ss_slice_eq(slice, ss_slice_str(text))
                : ss_slice_is_null(slice);
}

static bool
is_same(const SsPart *part, const TreeLeaf *leaf)
{
    return is_text(part->content_type, leaf->type) &&
           (leaf->is_message || (is_text(part->filename, leaf->filename) &&
                                 is_text(part->sha256, leaf->sha256) && part->size == leaf->size));
}

char *
tree_compare(SsSlice message)
{
    g_autoptr(GPtrArray) leaves = tree_read(message);
    SsContent *content = run_open(message, 0);
    const SsContentResult *result = ss_content_result(content);
    size_t n = result->parts.n, differs = SIZE_MAX;
    GString *text;

    for (size_t i = 0; leaves && i < MIN(n, leaves->len) && differs == SIZE_MAX; i++) {
        if (!is_same(run_part(content, i), g_ptr_array_index(leaves, i))) {
            differs = i;
        }
    }
    if (leaves && n == leaves->len && differs == SIZE_MAX) {
        ss_content_free(content);
        return NULL;
    }
    text = g_string_new(NULL);
    g_string_append_printf(text, "first different leaf %zd; ours:\n", (ssize_t)differs);
    g_autofree char *ours = run_describe(content);
    g_string_append(text, ours);
    g_string_append(text, "GMime's:\n");
    for (guint i = 0; leaves && i < leaves->len; i++) {
        const TreeLeaf *leaf = g_ptr_array_index(leaves, i);
        g_string_append_printf(text, " type=[%s] filename=[%s] sha256=[%s] size %zu\n", leaf->type,
                               leaf->filename ? leaf->filename : "null",
                               leaf->sha256 ? leaf->sha256 : "-", leaf->size);
    }
    ss_content_free(content);
    return g_string_free(text, FALSE);
}
