#include "config.h"
#include "util/bobbin-fuzzy.h"

static guint
score (const char *query,
       const char *text)
{
  g_autoptr(BobbinFuzzy) fuzzy = bobbin_fuzzy_new (query);

  return bobbin_fuzzy_score (fuzzy, text);
}

static void
test_matches (void)
{
  static const struct { const char *query; const char *text; gboolean matches; } rows[] = {
    { "", "anything", TRUE }, { "  ", "", TRUE }, { "a", "", FALSE },
    { "new", "New Conversation", TRUE }, { "conv", "New Conversation", TRUE }, { "vers", "New Conversation", TRUE },
    { "nc", "New Conversation", TRUE }, { "neco", "New Conversation", TRUE }, { "new co", "New Conversation", TRUE },
    { "co new", "New Conversation", TRUE }, { "nx", "New Conversation", FALSE }, { "new x", "New Conversation", FALSE },
    /* not any letters in order, which would find everything: they begin words */
    { "nvr", "New Conversation", FALSE }, { "cn", "New Conversation", FALSE },
    { "uber", "Über die Brücke", TRUE }, { "BRUCKE", "Über die Brücke", TRUE }, { "Ü", "uber", TRUE },
    { "strasse", "Straße", TRUE }, { "会议", "今天的会议纪要", TRUE }, { "ب", "كتاب", TRUE },
    { "c++", "About C++ templates", TRUE }, { "#12", "Issue #123", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("“%s” in “%s”", rows[i].query, rows[i].text);
      g_assert_cmpint (score (rows[i].query, rows[i].text) > 0, ==, rows[i].matches);
    }
}

/* The first goes before the second. */
static void
test_order (void)
{
  static const struct { const char *query; const char *better; const char *worse; } rows[] = {
    { "new", "New Conversation", "Renew the lease" },
    { "new", "New Conversation", "Open in a New Window" },
    { "key", "Key", "Keyboard Shortcuts" },
    { "pre", "Preferences", "Previous Conversation" }, /* the shorter one */
    { "nw", "New Window", "Open in a New Window" },
    { "sh", "Shortcuts", "Finish" },
    { "find", "Find in the Conversation", "f i n d" },
    { "archive", "Archive Conversation", "Show the Archive of All Conversations" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("“%s”: “%s” before “%s”", rows[i].query, rows[i].better, rows[i].worse);
      g_assert_cmpuint (score (rows[i].query, rows[i].better), >, score (rows[i].query, rows[i].worse));
    }
}

/* Lengths without bound, and text that is none. */
static void
test_rough (void)
{
  g_autofree char *as = g_strnfill (100000, 'a');
  g_autofree char *spaces = g_strnfill (1000, ' ');
  g_autofree char *words = g_strjoin (" ", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", NULL);

  g_assert_cmpuint (score (as, as), >, 0);
  g_assert_cmpuint (score (as, "aaa"), ==, 0);
  g_assert_cmpuint (score (spaces, "x"), >, 0);
  g_assert_cmpuint (score (words, "a b c"), >, 0);
  g_assert_cmpuint (score ("x", "\xff\xfe x"), ==, 0);
  g_assert_cmpuint (score ("\xc3", "x"), >, 0); /* nothing of it can be read: it is empty */
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzzy/matches", test_matches);
  g_test_add_func ("/fuzzy/order", test_order);
  g_test_add_func ("/fuzzy/rough", test_rough);

  return g_test_run ();
}
