/* Writers: a part of a document as text, Markdown and HTML. */
#include "config.h"

#include "markup-dump.h"
#include "markup/bobbin-markup-write.h"

#include <string.h>

/* The part is what stands between ⟨ and ⟩. */
static const struct { const char *text; const char *plain; const char *markdown; const char *html; } cases[] = {
  { "⟨a *b* c⟩", "a b c", "a *b* c", "<p>a <em>b</em> c</p>\n" },
  { "a *⟨b⟩* c", "b", "*b*", "<p><em>b</em></p>\n" },
  { "one ⟨two⟩ **three**", "two", "two", "<p>two</p>\n" },
  { "⟨# T\n\n- x\n- y\n  1. z\n\n> q⟩", "T\n\n• x\n• y\n  1. z\n\n> q", "# T\n\n- x\n- y\n  1. z\n\n> q",
    "<h1>T</h1>\n<ul>\n<li><p>x</p>\n</li>\n<li><p>y</p>\n<ol start=\"1\">\n<li><p>z</p>\n</li>\n</ol>\n</li>\n</ul>\n"
    "<blockquote>\n<p>q</p>\n</blockquote>\n" },
  { "```c\n⟨a < b\n\nx⟩\n```\n", "a < b\n\nx", "```c\na < b\n\nx\n```", "<pre><code>a &lt; b\n\nx</code></pre>\n" },
  { "⟨[a](https://x.y/?a&b) [b](javascript:x) <b>⟩", "a b <b>", "[a](https://x.y/?a&b) [b](javascript:x) <b>",
    "<p><a href=\"https://x.y/?a&amp;b\">a</a> b &lt;b&gt;</p>\n" },
  { "⟨| a | b |\n|---|---|\n| 1 | *2* |⟩", "a\tb\n1\t2", "| a | b |\n|---|---|\n| 1 | *2* |",
    "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td><em>2</em></td></tr>\n</table>\n" },
  { "so $x⟨^2$ is $y⟩^3$.", "$x^2$ is $y^3$", "$x^2$ is $y^3$", "<p><code>x^2</code> is <code>y^3</code></p>\n" },
  { "⟨so $x^2$ is⟩", "so $x^2$ is", "so $x^2$ is", "<p>so <code>x^2</code> is</p>\n" },
};

static char *
part (const char *marked,
      gsize      *ret_from,
      gsize      *ret_to)
{
  g_auto(GStrv) a = g_strsplit (marked, "⟨", 2);
  g_auto(GStrv) b = g_strsplit (a[1], "⟩", 2);

  *ret_from = strlen (a[0]);
  *ret_to = *ret_from + strlen (b[0]);
  return g_strconcat (a[0], b[0], b[1], NULL);
}

static void
test_formats (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *expected[] = { cases[i].plain, cases[i].markdown, cases[i].html };
      gsize from;
      gsize to;
      g_autofree char *text = part (cases[i].text, &from, &to);
      g_autoptr(BobbinMarkup) document = markup_parse (text);

      for (guint format = 0; format < G_N_ELEMENTS (expected); format++)
        {
          g_autofree char *found = bobbin_markup_write (document, format, text, strlen (text), from, to);

          g_test_message ("%s", text);
          g_assert_cmpstr (found, ==, expected[format]);
        }
    }
}

static void
test_nothing (void)
{
  g_autoptr(BobbinMarkup) document = markup_parse ("a *b*");
  g_autofree char *found = bobbin_markup_write (document, BOBBIN_MARKUP_TO_HTML, "a *b*", 5, 3, 3);

  g_assert_cmpstr (found, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/markup/write/formats", test_formats);
  g_test_add_func ("/markup/write/nothing", test_nothing);

  return g_test_run ();
}
