#include "random-mail.h"

#include "gmime-tree.h"
#include "run.h"

typedef struct {
    GRand *rand;
    RandomMail *mail;
    const char *eol;
    unsigned n_boundaries;
} Maker;

static int
pick(Maker *maker, int n)
{
    return g_rand_int_range(maker->rand, 0, n);
}

static void
line(Maker *maker, const char *text)
{
    g_string_append(maker->mail->bytes, text);
    g_string_append(maker->mail->bytes, maker->eol);
}

/* Lines that look like more than they are, and some that end in nothing. */
static GString *
make_text(Maker *maker)
{
    static const char *const lines[] = {
        "text",  "",      "--",           "-- ",         "---",
        "--nob", "-",     "From x",       "a: b",        ".",
        " ",     "\t--b", "--b",          "--B1x",       "--B1-",
        "=3D",   "x=",    "\xc3\xa9\xff", "begin 644 x", "----------------",
    };
    GString *text = g_string_new(NULL);
    int n = pick(maker, 12);

    for (int i = 0; i < n; i++) {
        g_string_append(text, lines[pick(maker, G_N_ELEMENTS(lines))]);
        if (pick(maker, 30) == 0) {
            for (int k = pick(maker, 3000); k > 0; k--) {
                g_string_append_c(text, (char)('a' + pick(maker, 26)));
            }
        }
        if (i + 1 < n || pick(maker, 3)) {
            g_string_append(text, maker->eol);
        }
    }
    return text;
}

static GString *
make_binary(Maker *maker)
{
    GString *bytes = g_string_new(NULL);

    for (int n = pick(maker, 400); n > 0; n--) {
        g_string_append_c(bytes, (char)pick(maker, 256));
    }
    return bytes;
}

static void
write_base64(Maker *maker, const GString *bytes)
{
    g_autofree char *text = g_base64_encode((const guchar *)bytes->str, bytes->len);
    size_t len = strlen(text), width = (size_t)(4 * (1 + pick(maker, 25)));

    for (size_t at = 0; at < len; at += width) {
        g_string_append_len(maker->mail->bytes, text + at, (gssize)MIN(width, len - at));
        if (at + width < len || pick(maker, 4)) {
            g_string_append(maker->mail->bytes, maker->eol);
        }
    }
}

static void
write_quoted(Maker *maker, const GString *bytes)
{
    size_t column = 0;

    for (size_t i = 0; i < bytes->len; i++) {
        if (g_ascii_isalnum(bytes->str[i])) {
            g_string_append_c(maker->mail->bytes, bytes->str[i]);
        } else {
            g_string_append_printf(maker->mail->bytes, pick(maker, 4) ? "=%02X" : "=%02x",
                                   (unsigned char)bytes->str[i]);
        }
        if (++column > 20) {
            g_string_append(maker->mail->bytes, "=");
            g_string_append(maker->mail->bytes, maker->eol);
            column = 0;
        }
    }
}

static void
write_disposition(Maker *maker)
{
    static const char *const names[] = {
        "attachment; filename=a.bin",
        "attachment; filename=\"a b; c.bin\"",
        "attachment; filename*=utf-8''%c3%a4.bin",
        "ATTACHMENT; FILENAME*0*=iso-8859-1''%e4; filename*1=.bin",
        "inline; filename=\"=?utf-8?B?w6Q=?=.bin\"",
        "inline",
    };

    if (pick(maker, 2)) {
        g_string_append(maker->mail->bytes, "Content-Disposition: ");
        line(maker, names[pick(maker, G_N_ELEMENTS(names))]);
    }
}

static void
add_leaf(Maker *maker, const GString *bytes)
{
    TreeLeaf *leaf = g_new0(TreeLeaf, 1);

    leaf->size = bytes->len;
    leaf->sha256 = run_sha256(ss_slice(bytes->str, bytes->len));
    g_ptr_array_add(maker->mail->leaves, leaf);
}

static void
write_leaf(Maker *maker)
{
    static const char *const types[] = {
        "text/plain; charset=utf-8",       "TEXT/html",
        "application/pdf; name=\"x.pdf\"", "image/png;\n name=\"i.png\"",
        "message/delivery-status",         "application/octet-stream",
    };
    int encoding = pick(maker, 5);
    GString *bytes = encoding < 2 ? make_binary(maker) : make_text(maker);

    if (pick(maker, 5)) {
        g_auto(GStrv) folds = g_strsplit(types[pick(maker, G_N_ELEMENTS(types))], "\n", 2);
        g_string_append(maker->mail->bytes, "Content-Type: ");
        line(maker, folds[0]);
        if (folds[1]) {
            line(maker, folds[1]);
        }
    } else {
        line(maker, "Content-Type: text/plain");
    }
    write_disposition(maker);
    if (encoding == 0) {
        line(maker, "Content-Transfer-Encoding: base64");
        line(maker, "");
        write_base64(maker, bytes);
    } else if (encoding == 1) {
        line(maker, "Content-Transfer-Encoding: Quoted-Printable");
        line(maker, "");
        write_quoted(maker, bytes);
    } else {
        if (encoding == 2) {
            line(maker, "Content-Transfer-Encoding: 8bit");
        }
        line(maker, "");
        g_string_append_len(maker->mail->bytes, bytes->str, (gssize)bytes->len);
    }
    add_leaf(maker, bytes);
    g_string_free(bytes, TRUE);
}

static void write_entity(Maker *maker, int depth);

static void
write_multipart(Maker *maker, int depth)
{
    static const char *const kinds[] = {"mixed", "alternative", "related", "x-odd"};
    bool spaced = pick(maker, 3) == 0;
    unsigned id = ++maker->n_boundaries;
    g_autofree char *boundary = spaced ? g_strdup_printf("=_ %u?", id) : g_strdup_printf("B%u", id);

    g_string_append_printf(maker->mail->bytes, "Content-Type: multipart/%s; boundary=\"%s\"%s%s",
                           kinds[pick(maker, G_N_ELEMENTS(kinds))], boundary, maker->eol,
                           maker->eol);
    if (pick(maker, 2)) {
        line(maker, "preamble");
        line(maker, "--B");
    }
    for (int n = 1 + pick(maker, 4); n > 0; n--) {
        g_string_append_printf(maker->mail->bytes, "--%s%s%s", boundary,
                               pick(maker, 5) ? "" : " \t", maker->eol);
        write_entity(maker, depth + 1);
        g_string_append(maker->mail->bytes, maker->eol);
    }
    /* Not without a line end: GMime takes the length of the line end before a delimiter from the
     * one behind it. */
    g_string_append_printf(maker->mail->bytes, "--%s--%s", boundary, maker->eol);
    if (pick(maker, 2)) {
        g_string_append(maker->mail->bytes, "epilogue");
    }
}

static void
write_message(Maker *maker, int depth)
{
    guint leaf = maker->mail->leaves->len;
    size_t start;
    g_autoptr(GString) bytes = g_string_new(NULL);

    line(maker, "Content-Type: message/rfc822");
    line(maker, "");
    add_leaf(maker, bytes);
    start = maker->mail->bytes->len;
    line(maker, "From: in@in.example");
    line(maker, "Subject: inner");
    write_entity(maker, depth + 1);
    g_string_append_len(bytes, maker->mail->bytes->str + start,
                        (gssize)(maker->mail->bytes->len - start));
    add_leaf(maker, bytes);
    tree_leaf_free(maker->mail->leaves->pdata[leaf]);
    maker->mail->leaves->pdata[leaf] =
        g_ptr_array_steal_index(maker->mail->leaves, maker->mail->leaves->len - 1);
}

static void
write_entity(Maker *maker, int depth)
{
    int kind = pick(maker, 8);

    if (depth < 6 && kind < 3) {
        write_multipart(maker, depth);
    } else if (depth < 6 && kind == 3) {
        write_message(maker, depth);
    } else {
        write_leaf(maker);
    }
}

RandomMail *
random_mail_new(guint32 seed)
{
    RandomMail *mail = g_new0(RandomMail, 1);
    Maker maker = {.rand = g_rand_new_with_seed(seed), .mail = mail};

    mail->bytes = g_string_new(NULL);
    mail->leaves = g_ptr_array_new_with_free_func((GDestroyNotify)tree_leaf_free);
    maker.eol = pick(&maker, 5) ? "\r\n" : "\n";
    line(&maker, "From: Ann <ann@a.example>");
    line(&maker, "Subject: random");
    write_entity(&maker, pick(&maker, 2));
    g_rand_free(maker.rand);
    return mail;
}

void
random_mail_free(RandomMail *mail)
{
    g_string_free(mail->bytes, TRUE);
    g_ptr_array_unref(mail->leaves);
    g_free(mail);
}
