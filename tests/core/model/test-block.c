#include "config.h"

#include "model-asserts.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"

static void
test_defaults (void)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_CODE);
  g_autoptr(BobbinAttachment) file = bobbin_attachment_new (0, "f", NULL, 0, NULL, NULL);
  guint notified = 0;

  g_assert_cmpint (bobbin_block_get_id (block), !=, 0);
  g_assert_cmpint (bobbin_block_get_kind (block), ==, BOBBIN_BLOCK_CODE);
  g_assert_cmpint (bobbin_block_get_state (block), ==, BOBBIN_BLOCK_OPEN);
  g_assert_cmpstr (bobbin_block_get_text (block), ==, "");
  g_assert_cmpuint (bobbin_block_get_length (block), ==, 0);
  g_assert_null (bobbin_block_get_name (block));
  g_assert_null (bobbin_block_get_data (block));
  g_assert_null (bobbin_block_get_attachment (block));
  assert_notifies_once (G_OBJECT (block));

  count_signal (block, "notify::attachment", &notified);
  bobbin_block_set_attachment (block, file);
  bobbin_block_set_attachment (block, file);
  g_assert_cmpuint (notified, ==, 1);
  g_assert_true (bobbin_block_get_attachment (block) == file);
}

static void
appended_cb (BobbinBlock *block,
             guint        offset,
             GArray      *offsets)
{
  g_array_append_val (offsets, offset);
}

static void
test_text (void)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autoptr(GArray) offsets = g_array_new (FALSE, FALSE, sizeof (guint));
  guint replaced = 0;
  guint notified = 0;

  g_signal_connect (block, "appended", G_CALLBACK (appended_cb), offsets);
  count_signal (block, "text-replaced", &replaced);
  count_signal (block, "notify", &notified);
  bobbin_block_append (block, "é", -1);
  bobbin_block_append (block, "", -1);
  bobbin_block_append (block, "abc", 0);
  bobbin_block_append (block, "abc", 2);
  g_assert_cmpstr (bobbin_block_get_text (block), ==, "éab");
  g_assert_cmpuint (bobbin_block_get_length (block), ==, 4);
  g_assert_cmpuint (offsets->len, ==, 2);
  g_assert_cmpuint (g_array_index (offsets, guint, 0), ==, 0);
  g_assert_cmpuint (g_array_index (offsets, guint, 1), ==, 2);
  g_assert_cmpuint (replaced, ==, 0);

  bobbin_block_set_text (block, "éab");
  g_assert_cmpuint (replaced, ==, 0);
  bobbin_block_set_text (block, "new");
  bobbin_block_set_text (block, NULL);
  g_assert_cmpuint (replaced, ==, 2);
  g_assert_cmpstr (bobbin_block_get_text (block), ==, "");
  g_assert_cmpuint (offsets->len, ==, 2);
  g_assert_cmpuint (notified, ==, 0); /* text costs no notify */
}

static const char *
kind_nick (int kind)
{
  return bobbin_block_kind_get_nick ((BobbinBlockKind) kind);
}

static gboolean
kind_from (const char *nick,
           int        *ret_kind)
{
  BobbinBlockKind kind = BOBBIN_BLOCK_TEXT;

  if (!bobbin_block_kind_from_nick (nick, &kind))
    return FALSE;

  *ret_kind = (int) kind;
  return TRUE;
}

static const char *
state_nick (int state)
{
  return bobbin_block_state_get_nick ((BobbinBlockState) state);
}

static gboolean
state_from (const char *nick,
            int        *ret_state)
{
  BobbinBlockState state = BOBBIN_BLOCK_OPEN;

  if (!bobbin_block_state_from_nick (nick, &state))
    return FALSE;

  *ret_state = (int) state;
  return TRUE;
}

static void
test_names (void)
{
  g_autoptr(BobbinBlock) tool = bobbin_block_new (0, BOBBIN_BLOCK_TOOL_CALL);
  g_autoptr(BobbinBlock) approval = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);

  bobbin_block_set_name (tool, "send\n\u202eliam_\x1b");
  g_assert_cmpstr (bobbin_block_get_name (tool), ==, "send liam_");
  /* The name of its node is told to the server again. */
  bobbin_block_set_name (approval, "send  mail\n");
  g_assert_cmpstr (bobbin_block_get_name (approval), ==, "send  mail\n");
}

static void
test_nicks (void)
{
  assert_nicks (BOBBIN_N_BLOCK_KINDS, kind_nick, kind_from);
  assert_nicks (BOBBIN_N_BLOCK_STATES, state_nick, state_from);
}

static void
test_answer_form (void)
{
  static const struct { const char *data; const char *form; } rows[] = {
    { NULL, "tools" },
    { "{\"tools\":[]}", "tools" },
    { "{\"answer\":\"text\"}", "text" },
    { "{\"answer\":\"outputs\",\"tools\":[]}", "outputs" },
    { "{\"answer\":\"else\"}", "tools" },
    { "{\"answer\":", "tools" },
    { "[\"answer\"]", "tools" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);

      bobbin_block_set_data (block, rows[i].data);
      g_assert_cmpstr (bobbin_block_get_answer_form (block), ==, rows[i].form);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/block/answer-form", test_answer_form);
  g_test_add_func ("/block/defaults", test_defaults);
  g_test_add_func ("/block/text", test_text);
  g_test_add_func ("/block/names", test_names);
  g_test_add_func ("/block/nicks", test_nicks);

  return g_test_run ();
}
