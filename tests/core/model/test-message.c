#include "config.h"

#include "model-asserts.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-error.h"

static void
test_defaults (void)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 17);

  g_assert_cmpint (bobbin_message_get_id (message), !=, 0);
  g_assert_cmpint (bobbin_message_get_role (message), ==, BOBBIN_ROLE_ASSISTANT);
  g_assert_cmpint (bobbin_message_get_created_us (message), ==, 17);
  g_assert_cmpint (bobbin_message_get_delivery (message), ==, BOBBIN_DELIVERY_QUEUED);
  g_assert_null (bobbin_message_get_failure (message));
  g_assert_cmpint (bobbin_message_get_usage (message)->total_tokens, ==, -1);
  g_assert_cmpuint (bobbin_message_get_n_blocks (message), ==, 0);
  g_assert_null (bobbin_message_get_block (message, 0));
  assert_notifies_once (G_OBJECT (message));
}

static void
test_blocks (void)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_USER, 0);
  g_autoptr(BobbinBlock) first = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autoptr(BobbinBlock) thinking = bobbin_block_new (0, BOBBIN_BLOCK_THINKING);
  g_autoptr(BobbinBlock) empty = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autoptr(BobbinBlock) last = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autofree char *text = NULL;
  g_autofree char *none = NULL;

  bobbin_block_set_text (first, "one");
  bobbin_block_set_text (thinking, "hm");
  bobbin_block_set_text (last, "two");
  bobbin_message_add_block (message, first);
  bobbin_message_add_block (message, thinking);
  bobbin_message_add_block (message, empty);
  bobbin_message_add_block (message, last);
  g_assert_cmpuint (bobbin_message_get_n_blocks (message), ==, 4);
  g_assert_true (bobbin_message_get_block (message, 3) == last);
  g_assert_null (bobbin_message_get_block (message, 4));
  text = bobbin_message_dup_text (message);
  g_assert_cmpstr (text, ==, "one\n\ntwo");
  bobbin_message_remove_blocks (message);
  none = bobbin_message_dup_text (message);
  g_assert_cmpstr (none, ==, "");
}

/* One message here can be several rows of a server. */
static void
test_server_ids (void)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 0);

  g_assert_false (bobbin_message_has_server_id (message, "a"));
  bobbin_message_add_server_id (message, "abc");
  bobbin_message_add_server_id (message, "d");
  bobbin_message_add_server_id (message, "abc");
  bobbin_message_add_server_id (message, "");
  g_assert_cmpstr (bobbin_message_get_server_id (message), ==, "abc\nd");
  g_assert_true (bobbin_message_has_server_id (message, "abc"));
  g_assert_true (bobbin_message_has_server_id (message, "d"));
  g_assert_false (bobbin_message_has_server_id (message, "ab"));
  g_assert_false (bobbin_message_has_server_id (message, "bc"));
  g_assert_false (bobbin_message_has_server_id (message, ""));
  g_assert_false (bobbin_message_has_server_id (message, NULL));
}

static void
test_failure (void)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_USER, 0);
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, "wait");
  BobbinUsage usage = BOBBIN_USAGE_INIT;
  guint failures = 0;
  guint revisions = 0;
  guint revision;

  count_signal (message, "notify::failure", &failures);
  count_signal (message, "notify::usage-revision", &revisions);
  bobbin_message_set_failure (message, NULL);
  g_assert_cmpuint (failures, ==, 0);
  bobbin_message_set_failure (message, failure);
  g_assert_cmpuint (failures, ==, 1);
  g_assert_true (bobbin_message_get_failure (message) != failure);
  g_assert_cmpstr (bobbin_message_get_failure (message)->detail, ==, "wait");
  bobbin_message_set_failure (message, NULL);
  g_assert_null (bobbin_message_get_failure (message));

  usage.output_tokens = 12;
  bobbin_message_set_usage (message, &usage);
  g_assert_cmpint (bobbin_message_get_usage (message)->output_tokens, ==, 12);
  g_object_get (message, "usage-revision", &revision, NULL);
  g_assert_cmpuint (revision, ==, 1);
  g_assert_cmpuint (revisions, ==, 1);
}

static const char *
role_nick (int role)
{
  return bobbin_role_get_nick ((BobbinRole) role);
}

static gboolean
role_from (const char *nick,
           int        *ret_role)
{
  BobbinRole role = BOBBIN_ROLE_USER;

  if (!bobbin_role_from_nick (nick, &role))
    return FALSE;

  *ret_role = (int) role;
  return TRUE;
}

static const char *
delivery_nick (int delivery)
{
  return bobbin_delivery_get_nick ((BobbinDelivery) delivery);
}

static gboolean
delivery_from (const char *nick,
               int        *ret_delivery)
{
  BobbinDelivery delivery = BOBBIN_DELIVERY_QUEUED;

  if (!bobbin_delivery_from_nick (nick, &delivery))
    return FALSE;

  *ret_delivery = (int) delivery;
  return TRUE;
}

static void
test_nicks (void)
{
  assert_nicks (BOBBIN_N_ROLES, role_nick, role_from);
  assert_nicks (BOBBIN_N_DELIVERIES, delivery_nick, delivery_from);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/defaults", test_defaults);
  g_test_add_func ("/message/blocks", test_blocks);
  g_test_add_func ("/message/server-ids", test_server_ids);
  g_test_add_func ("/message/failure", test_failure);
  g_test_add_func ("/message/nicks", test_nicks);

  return g_test_run ();
}
