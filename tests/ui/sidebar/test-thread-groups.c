#include "config.h"
#include "sidebar/bobbin-thread-groups.h"

#include "ui-fixture.h"

typedef struct
{
  BobbinManualClock  *clock;
  GListStore         *threads;
  BobbinThreadGroups *groups;
  GString            *changes; /* "position-removed+added " for each items-changed */
} Fixture;

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            GString    *changes)
{
  g_string_append_printf (changes, "%u-%u+%u ", position, removed, added);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->clock = bobbin_manual_clock_new (UI_FIXTURE_NOW_US);
  fixture->threads = g_list_store_new (BOBBIN_TYPE_THREAD);
  fixture->groups = bobbin_thread_groups_new (BOBBIN_CLOCK (fixture->clock));
  fixture->changes = g_string_new (NULL);
  bobbin_thread_groups_set_threads (fixture->groups, G_LIST_MODEL (fixture->threads));
  g_signal_connect (fixture->groups, "items-changed", G_CALLBACK (changed_cb), fixture->changes);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->groups);
  g_assert_finalize_object (fixture->threads);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->changes, TRUE);
}

static BobbinThread *
add (Fixture    *fixture,
     const char *title,
     const char *snippet,
     int         days_ago)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 1);

  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
  bobbin_thread_set_snippet (thread, snippet);
  bobbin_thread_set_last_used_us (thread, UI_FIXTURE_NOW_US - days_ago * UI_FIXTURE_DAY_US);
  g_list_store_append (fixture->threads, thread);

  return thread;
}

static void
assert_items (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *items = ui_dup_items (G_LIST_MODEL (fixture->groups));

  g_assert_cmpstr (items, ==, expected);
}

static void
assert_changes (Fixture    *fixture,
                const char *expected)
{
  g_strchomp (fixture->changes->str);
  g_assert_cmpstr (fixture->changes->str, ==, expected);
  g_string_truncate (fixture->changes, 0);
}

static void
test_groups (Fixture      *fixture,
             gconstpointer data)
{
  bobbin_thread_set_pinned (add (fixture, "p", NULL, 300), TRUE);
  add (fixture, "tomorrow", NULL, -1);
  add (fixture, "a", NULL, 0);
  add (fixture, "b", NULL, 1);
  add (fixture, "c", NULL, 2);
  add (fixture, "d", NULL, 7);
  add (fixture, "e", NULL, 8);
  add (fixture, "f", NULL, 30);
  add (fixture, "g", NULL, 31);
  add (fixture, "h", NULL, 46);
  add (fixture, "i", NULL, 47);
  add (fixture, "j", NULL, 100);
  add (fixture, "k", NULL, 101);

  /* The pin was set after it was added: one more change of the source tells it. */
  g_list_store_remove (fixture->threads, 12);
  g_list_model_items_changed (G_LIST_MODEL (fixture->threads), 0, 1, 1);
  assert_items (fixture, "[Pinned] p [Today] tomorrow a [Yesterday] b [Previous 7 Days] c d [Previous 30 Days] e f "
                         "[February] g [January] h i [December 2025] j");
  g_assert_cmpuint (bobbin_thread_groups_get_n_threads (fixture->groups), ==, 12);
}

static void
test_small_changes (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(BobbinThread) thread = NULL;

  add (fixture, "a", NULL, 0);
  assert_changes (fixture, "0-0+2");
  add (fixture, "b", NULL, 0);
  assert_changes (fixture, "2-0+1");
  add (fixture, "c", NULL, 1);
  assert_changes (fixture, "3-0+2");

  g_list_store_remove (fixture->threads, 0);
  assert_changes (fixture, "1-1+0");
  assert_items (fixture, "[Today] b [Yesterday] c");

  /* A change of the source that shows nothing new is not told. */
  bobbin_thread_groups_set_query (fixture->groups, "b");
  assert_changes (fixture, "2-2+0");
  add (fixture, "d", NULL, 2);
  assert_changes (fixture, "");

  /* The last of a group takes the heading along. */
  bobbin_thread_groups_set_query (fixture->groups, NULL);
  g_string_truncate (fixture->changes, 0);
  g_list_store_remove (fixture->threads, 1);
  assert_changes (fixture, "2-2+0");
  assert_items (fixture, "[Today] b [Previous 7 Days] d");
}

/* Rows at the end go as one small change, with the heading that has none left; where words hold some back, too. */
static void
test_end_removed (Fixture      *fixture,
                  gconstpointer data)
{
  add (fixture, "a", "red", 0);
  add (fixture, "b", "blue", 1);
  add (fixture, "c", "red", 1);
  add (fixture, "d", "red", 10);
  g_string_truncate (fixture->changes, 0);
  g_list_store_splice (fixture->threads, 2, 2, NULL, 0);
  assert_items (fixture, "[Today] a [Yesterday] b");
  g_assert_cmpstr (fixture->changes->str, ==, "4-3+0 ");
  g_assert_cmpuint (bobbin_thread_groups_get_n_threads (fixture->groups), ==, 2);
  g_list_store_remove (fixture->threads, 1);
  assert_items (fixture, "[Today] a");

  add (fixture, "e", "blue", 2);
  bobbin_thread_groups_set_query (fixture->groups, "red");
  assert_items (fixture, "[Today] a");
  g_list_store_remove (fixture->threads, 1);
  assert_items (fixture, "[Today] a");
  g_list_store_remove_all (fixture->threads);
  g_assert_cmpuint (bobbin_thread_groups_get_n_threads (fixture->groups), ==, 0);
  assert_items (fixture, "");
}

static BobbinThread *
thread_of (int days_ago)
{
  g_autofree char *title = g_strdup_printf ("day %d", days_ago);
  BobbinThread *thread = bobbin_thread_new (0, 1);

  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
  bobbin_thread_set_snippet (thread, days_ago % 3 == 0 ? "red" : "blue");
  bobbin_thread_set_last_used_us (thread, UI_FIXTURE_NOW_US - days_ago * UI_FIXTURE_DAY_US);

  return thread;
}

/* Puts days [from, to), newest first, where they belong. */
static void
insert_days (Fixture *fixture,
             int      from,
             int      to)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func (g_object_unref);
  guint place = 0;

  for (int day = from; day < to; day++)
    g_ptr_array_add (threads, thread_of (day));
  for (; place < g_list_model_get_n_items (G_LIST_MODEL (fixture->threads)); place++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (G_LIST_MODEL (fixture->threads), place);

      if (bobbin_thread_get_last_used_us (thread) < UI_FIXTURE_NOW_US - from * UI_FIXTURE_DAY_US)
        break;
    }
  g_list_store_splice (fixture->threads, place, 0, threads->pdata, threads->len);
}

/* Pages that come in the middle change what is beside them only, and leave what a new look at all would. */
static void
test_inserted (Fixture      *fixture,
               gconstpointer query)
{
  static const int pages[][2] = {
    { 0, 1 }, { 400, 401 }, { 100, 110 }, { 60, 70 }, { 80, 81 }, { 1, 3 }, { 71, 75 }, { 47, 48 }, { 45, 47 }, { 110, 160 },
    { 5, 9 }, { 9, 10 }, { 300, 330 }, { 299, 300 }, { 26, 33 }, { 401, 402 },
  };

  bobbin_thread_groups_set_query (fixture->groups, query);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr(BobbinThreadGroups) all = bobbin_thread_groups_new (BOBBIN_CLOCK (fixture->clock));
      g_autofree char *expected = NULL;
      guint before = g_list_model_get_n_items (G_LIST_MODEL (fixture->groups));
      guint position, removed, added;

      g_string_truncate (fixture->changes, 0);
      insert_days (fixture, pages[i][0], pages[i][1]);
      bobbin_thread_groups_set_query (all, query);
      bobbin_thread_groups_set_threads (all, G_LIST_MODEL (fixture->threads));
      expected = ui_dup_items (G_LIST_MODEL (all));
      assert_items (fixture, expected);
      g_assert_cmpuint (bobbin_thread_groups_get_n_threads (fixture->groups), ==, bobbin_thread_groups_get_n_threads (all));
      if (*fixture->changes->str == '\0')
        continue;
      g_assert_cmpint (sscanf (fixture->changes->str, "%u-%u+%u", &position, &removed, &added), ==, 3);
      g_assert_cmpuint (removed, <=, 1);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->groups)), ==, before - removed + added);
    }
}

static void
test_moved_to_top (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(BobbinThread) moved = NULL;
  BobbinThread *order[3];

  order[1] = add (fixture, "a", NULL, 1);
  order[2] = add (fixture, "b", NULL, 2);
  order[0] = add (fixture, "c", NULL, 3);
  moved = g_object_ref (order[0]);
  g_string_truncate (fixture->changes, 0);

  bobbin_thread_set_last_used_us (moved, UI_FIXTURE_NOW_US);
  for (guint i = 0; i < 3; i++)
    g_object_ref (order[i]);
  g_list_store_splice (fixture->threads, 0, 3, (gpointer *) order, 3);
  for (guint i = 0; i < 3; i++)
    g_object_unref (order[i]);
  assert_items (fixture, "[Today] c [Yesterday] a [Previous 7 Days] b");
  assert_changes (fixture, "0-5+6");
  g_assert_cmpuint (bobbin_thread_groups_find (fixture->groups, moved), ==, 1);
}

static void
test_query (Fixture      *fixture,
            gconstpointer data)
{
  static const struct { const char *query; const char *items; } rows[] = {
    { "", "[Today] Café Zoë other" },
    { NULL, "[Today] Café Zoë other" },
    { "  ", "[Today] Café Zoë other" },
    { "cafe", "[Today] Café Zoë" },
    { "CAFÉ", "[Today] Café Zoë" },
    { "zoe caf", "[Today] Café Zoë" },
    { "menü", "[Today] Café Zoë" },
    { "zoe straße", "" },
    { "STRASSE", "[Today] other" },
    { "%_*", "" },
  };

  add (fixture, "Café Zoë", "the menu", 0);
  add (fixture, "other", "Große Straße", 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bobbin_thread_groups_set_query (fixture->groups, rows[i].query);
      assert_items (fixture, rows[i].items);
    }
}

static void
test_account (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(BobbinThread) second = bobbin_thread_new (0, 2);

  add (fixture, "a", NULL, 0);
  bobbin_thread_set_title (second, "b", BOBBIN_TITLE_USER);
  bobbin_thread_set_last_used_us (second, UI_FIXTURE_NOW_US);
  g_list_store_append (fixture->threads, second);

  bobbin_thread_groups_set_account (fixture->groups, 2);
  assert_items (fixture, "[Today] b");
  g_assert_cmpuint (bobbin_thread_groups_find (fixture->groups, second), ==, 1);
  bobbin_thread_groups_set_account (fixture->groups, 1);
  assert_items (fixture, "[Today] a");
  g_assert_cmpuint (bobbin_thread_groups_find (fixture->groups, second), ==, G_MAXUINT);
  bobbin_thread_groups_set_account (fixture->groups, 0);
  assert_items (fixture, "[Today] a b");
}

static void
test_day (Fixture      *fixture,
          gconstpointer data)
{
  add (fixture, "a", NULL, 0);
  g_string_truncate (fixture->changes, 0);
  bobbin_thread_groups_check_day (fixture->groups);
  assert_changes (fixture, "");

  bobbin_manual_clock_advance (fixture->clock, 24 * 3600 * 1000);
  bobbin_thread_groups_check_day (fixture->groups);
  assert_items (fixture, "[Yesterday] a");
}

static void
test_no_threads (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GObject) past = g_list_model_get_item (G_LIST_MODEL (fixture->groups), 0);

  g_assert_null (past);
  add (fixture, "a", NULL, 0);
  bobbin_thread_groups_set_threads (fixture->groups, NULL);
  assert_items (fixture, "");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/thread-groups/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("groups", test_groups);
  ADD ("small-changes", test_small_changes);
  ADD ("end-removed", test_end_removed);
  ADD ("inserted", test_inserted);
  g_test_add ("/thread-groups/inserted-some", Fixture, "red", set_up, test_inserted, tear_down);
  ADD ("moved-to-top", test_moved_to_top);
  ADD ("query", test_query);
  ADD ("account", test_account);
  ADD ("day", test_day);
  ADD ("no-threads", test_no_threads);

  return g_test_run ();
}
