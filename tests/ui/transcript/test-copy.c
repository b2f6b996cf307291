/* Copying: what is read, its Markdown and its HTML at once, of every kind of block. */
#include "config.h"

#include "messages.h"
#include "ui/transcript/bobbin-copy.h"

#include <string.h>

static BobbinCopy *
copy_block (BobbinRole       role,
            BobbinBlockKind  kind,
            const char      *text,
            const char      *data,
            gsize            from,
            gsize            to)
{
  g_autoptr(BobbinMessage) message = messages_text (role, "", MESSAGES_NOON);
  BobbinBlock *block = messages_block (message, kind, BOBBIN_BLOCK_DONE, text);
  BobbinCopy *copy = bobbin_copy_new ();

  if (data != NULL)
    bobbin_block_set_data (block, data);
  bobbin_copy_add_block (copy, message, block, from, to);

  return copy;
}

static const char answer[] =
  "# Sum\n\nThe **total** of [all](https://a.example/) is $x^2$.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | *2* |\n";

static void
test_markdown (void)
{
  g_autoptr(BobbinCopy) copy = copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_TEXT, answer, NULL, 0, G_MAXSIZE);

  /* without its signs, formulas as TeX */
  g_assert_nonnull (strstr (copy->text->str, "The total of all is $x^2$."));
  g_assert_null (strstr (copy->text->str, "**"));
  g_assert_null (strstr (copy->text->str, "# Sum"));
  g_assert_nonnull (strstr (copy->text->str, "1\t2"));
  g_assert_nonnull (strstr (copy->markdown->str, "# Sum\n\nThe **total** of [all](https://a.example/) is $x^2$."));
  g_assert_nonnull (strstr (copy->html->str, "<h1>Sum</h1>"));
  g_assert_nonnull (strstr (copy->html->str, "<strong>total</strong>"));
  g_assert_nonnull (strstr (copy->html->str, "<a href=\"https://a.example/\">all</a>"));
  g_assert_nonnull (strstr (copy->html->str, "<li>"));
  g_assert_nonnull (strstr (copy->html->str, "<table>"));
}

static void
test_part (void)
{
  gsize from = (gsize) (strstr (answer, "total") - answer);
  gsize to = (gsize) (strstr (answer, "all") + 3 - answer);
  g_autoptr(BobbinCopy) copy = copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_TEXT, answer, NULL, from, to);

  g_assert_cmpstr (copy->text->str, ==, "total of all");
  g_assert_null (strstr (copy->html->str, "Sum"));
  g_assert_nonnull (strstr (copy->html->str, "total</strong> of"));
}

/* What the user typed is no Markdown. */
static void
test_typed (void)
{
  g_autoptr(BobbinCopy) copy = copy_block (BOBBIN_ROLE_USER, BOBBIN_BLOCK_TEXT, "is **this** <b>it</b>?", NULL, 0, G_MAXSIZE);

  g_assert_cmpstr (copy->text->str, ==, "is **this** <b>it</b>?");
  g_assert_cmpstr (copy->markdown->str, ==, "is **this** <b>it</b>?");
  g_assert_cmpstr (copy->html->str, ==, "<p>is **this** &lt;b&gt;it&lt;/b&gt;?</p>\n");
}

static void
test_chart (void)
{
  g_autoptr(BobbinCopy) copy =
    copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_CHART, NULL,
                "{\"type\":\"bar\",\"title\":\"Visitors\",\"labels\":[\"May\",\"June\"],\"series\":[{\"name\":\"2026\",\"data\":[12,30.5]}]}",
                0, 0);

  g_assert_true (g_str_has_prefix (copy->text->str, "Visitors\n\n"));
  g_assert_nonnull (strstr (copy->text->str, "May\t12\n"));
  g_assert_nonnull (strstr (copy->text->str, "June\t30.5"));
  g_assert_nonnull (strstr (copy->markdown->str, "**Visitors**\n\n|"));
  g_assert_nonnull (strstr (copy->html->str, "<td>June</td><td>30.5</td>"));
  g_assert_null (strchr (copy->text->str, '{'));
}

/* What is no chart is not lost. */
static void
test_broken_chart (void)
{
  g_autoptr(BobbinCopy) copy = copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_CHART, NULL, "{\"type\":\"moon\"}", 0, 0);

  g_assert_nonnull (strstr (copy->text->str, "moon"));
}

static void
test_sources (void)
{
  g_autoptr(BobbinCopy) copy =
    copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_SOURCES, NULL,
                "{\"sources\":[{\"title\":\"A [good] book\",\"url\":\"https://a.example/b?c=1&d=2\",\"page\":7},7,"
                "{\"file_id\":\"file-1\"},{\"title\":\"Evil\",\"url\":\"javascript:alert(1)\"}]}",
                0, 0);

  g_assert_cmpstr (copy->text->str, ==,
                   "Sources\n[1] A [good] book, page 7, https://a.example/b?c=1&d=2\n[3] file-1\n[4] Evil");
  g_assert_cmpstr (copy->markdown->str, ==,
                   "**Sources**\n\n1. [A \\[good\\] book, page 7](<https://a.example/b?c=1&d=2>)\n3. file-1\n4. Evil");
  g_assert_nonnull (strstr (copy->html->str, "<li value=\"1\"><a href=\"https://a.example/b?c=1&amp;d=2\">A [good] book, page 7</a></li>"));
  g_assert_nonnull (strstr (copy->html->str, "<li value=\"3\">file-1</li>"));
  g_assert_null (strstr (copy->html->str, "javascript"));
}

static void
test_picture (void)
{
  g_autoptr(BobbinCopy) copy = copy_block (BOBBIN_ROLE_ASSISTANT, BOBBIN_BLOCK_IMAGE, NULL, "{\"url\":\"https://a.example/p.png\"}", 0, 0);

  g_assert_cmpstr (copy->text->str, ==, "https://a.example/p.png");
  g_assert_true (g_str_has_prefix (copy->markdown->str, "!["));
  g_assert_nonnull (strstr (copy->html->str, "<img src=\"https://a.example/p.png\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transcript/copy/markdown", test_markdown);
  g_test_add_func ("/transcript/copy/part", test_part);
  g_test_add_func ("/transcript/copy/typed", test_typed);
  g_test_add_func ("/transcript/copy/chart", test_chart);
  g_test_add_func ("/transcript/copy/broken-chart", test_broken_chart);
  g_test_add_func ("/transcript/copy/sources", test_sources);
  g_test_add_func ("/transcript/copy/picture", test_picture);

  return g_test_run ();
}
