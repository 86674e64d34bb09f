#!/usr/bin/env python3
"""Plants breaches of the house rules in small trees: layers.py finds each, and nothing else."""
import pathlib
import tempfile
import unittest

import layers


class Layers(unittest.TestCase):
    def breaches(self, **files):
        """What is found in a tree of these files; `__` of a name stands for `/`, the last `_` for `.`"""
        tree = {"base/slice.h": "", "base/plugin.h": "", "base/text.h": "", "capture/segment.h": "",
                "capture/source.h": "", "dissect/flow.h": "", "dissect/message/content.h": "",
                "output/output.h": "", "app/options.h": ""}
        for name, text in files.items():
            stem, end = name.replace("__", "/").rsplit("_", 1)
            tree[f"{stem}.{end}"] = text
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            n_files, breaches = layers.check_tree(folder)
        self.assertEqual(n_files, len([name for name in tree if name.endswith((".c", ".h"))]))
        return breaches

    def found(self, place, what, **files):
        breaches = self.breaches(**files)
        self.assertEqual(len(breaches), 1, breaches)
        self.assertTrue(breaches[0].startswith(place), breaches)
        self.assertIn(what, breaches[0])

    def test_way_up(self):
        upward = {"base": "capture/source.h", "capture": "dissect/flow.h",
                  "dissect": "output/output.h", "output": "app/options.h"}
        for layer, header in upward.items():
            with self.subTest(layer):
                self.found(f"{layer}/a.c:2:", header,
                           **{f"{layer}__a_c": f'\n#include "{header}"\n'})

    def test_way_down(self):
        self.assertEqual(self.breaches(
            capture__a_c='#include "base/slice.h"\n#include "capture/source.h"\n',
            dissect__a_c='#include "capture/segment.h"\n#include "base/slice.h"\n',
            output__a_c='#include "dissect/message/content.h"\n#include "base/plugin.h"\n',
            app__a_c='#include "version.h"\n#include "capture/source.h"\n'
                     '#include "output/output.h"\n'), [])

    def test_too_far_down(self):
        self.found("dissect/smtp/a.c:1:", "capture/source.h",
                   dissect__smtp__a_c='#include "capture/source.h"\n')
        self.found("output/a.c:1:", "dissect/flow.h", output__a_c='#include "dissect/flow.h"\n')

    def test_brackets_do_not_hide(self):
        self.found("base/a.c:1:", "capture/source.h", base__a_c="#include <capture/source.h>\n")
        self.found("base/a.c:1:", "capture/source.h",
                   base__a_c='  #  include /* here */ "capture/source.h"\n')

    def test_relative_does_not_hide(self):
        self.found("base/a.c:1:", "../capture/source.h",
                   base__a_c='#include "../capture/source.h"\n')

    def plugin(self, text):
        return {"plugins__x__x_c": text, "plugins__x__test_c": '#include "output/output.h"\n',
                "plugins__x__meson_build": "", "plugins__x__README_md": ""}

    def test_plugin(self):
        self.assertEqual(self.breaches(
            plugins__x__x_h="", plugins__common__words_h="",
            **self.plugin('#include "base/plugin.h"\n#include "plugins/common/words.h"\n'
                          '#include "plugins/x/x.h"\n')), [])

    def test_plugin_knows_the_contract_only(self):
        for header in ("base/text.h", "output/output.h", "capture/segment.h"):
            with self.subTest(header):
                self.found("plugins/x/x.c:1:", header, **self.plugin(f'#include "{header}"\n'))

    def test_plugin_has_its_files(self):
        files = self.plugin("")
        del files["plugins__x__README_md"]
        self.found("plugins/x:", "README.md", **files)

    def test_libraries(self):
        for library, place in (("pcap/pcap.h", "capture__source-live_c"),
                               ("pcap.h", "capture__source-filter_c"),
                               ("gmime/gmime.h", "dissect__message__values_c"),
                               ("openssl/evp.h", "dissect__digest_c"),
                               ("openssl/ssl.h", "dissect__tls__record_c"),
                               ("gmodule.h", "output__host_c"),
                               ("zlib.h", "capture__inflate_c"),
                               ("json-glib/json-glib.h", "tests__unit__a_c")):
            with self.subTest(library):
                text = f"#include <{library}>\n"
                self.assertEqual(self.breaches(**{place: text}), [])
                self.found("app/a.c:1:", library, app__a_c=text)

    def test_unsafe(self):
        self.found("tests/a.c:2:", "strcpy", tests__a_c="\nstrcpy(a, b);\n")
        self.found("app/a.c:1:", "atoi", app__a_c="if (atoi (text)) {\n")
        self.found("base/a.c:1:", "alloca", base__a_c="p = alloca(n);\n")

    def test_names_alone_are_no_breach(self):
        self.assertEqual(self.breaches(
            base__a_c='/* strcpy(a, b) */ // sprintf(a)\n"gets(x)"; \'"\'; "\\"";\n'
                      "my_strcpy(a); a.time(b); a->exit(c); int timeout(void);\n"), [])

    def test_behind_a_comment(self):
        self.found("base/a.c:3:", "sprintf", base__a_c="/* one\n   two */\n/**/ sprintf(a);\n")

    def test_ends_and_speaks_and_clock(self):
        self.found("output/a.c:1:", "exit", output__a_c="exit(1);\n")
        self.found("dissect/a.c:1:", "g_warning", dissect__a_c='g_warning("x");\n')
        self.found("capture/a.c:1:", "time", capture__a_c="now = time(NULL);\n")
        self.assertEqual(self.breaches(app__a_c="exit(time(NULL));\n"), [])


if __name__ == "__main__":
    unittest.main()
