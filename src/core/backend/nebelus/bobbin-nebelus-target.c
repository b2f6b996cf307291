/* Addresses and messages of one Nebelus thread. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#include "model/bobbin-attachment.h"
#include "wire/bobbin-nebelus-encoder.h"

#include <string.h>

void
_bobbin_nebelus_target_init (BobbinNebelusTarget  *target,
                             BobbinNebelusBackend *backend,
                             const char           *agent_id,
                             const char           *thread_id)
{
  target->backend = g_object_ref (backend);
  target->agent_id = g_strdup (agent_id);
  target->thread_id = thread_id != NULL && *thread_id != '\0' ? g_strdup (thread_id) : NULL;
}

void
_bobbin_nebelus_target_clear (BobbinNebelusTarget *target)
{
  g_clear_object (&target->backend);
  g_clear_pointer (&target->agent_id, g_free);
  g_clear_pointer (&target->thread_id, g_free);
}

/* A header ends at a line end: a key must not bring its own. */
static gboolean
is_header_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;

  return TRUE;
}

BobbinFailure *
_bobbin_nebelus_target_check (const BobbinNebelusTarget *target)
{
  char *authorization = _bobbin_nebelus_backend_dup_authorization (target->backend, FALSE);
  const char *base_url = _bobbin_nebelus_backend_get_base_url (target->backend);
  BobbinFailure *failure = NULL;

  if (authorization == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT, "The account has no key");
  else if (!is_header_text (authorization))
    failure = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT,
                                  "The key holds characters that no key has: paste it again");
  else if (target->agent_id == NULL || *target->agent_id == '\0')
    failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "The account names no agent");
  else if (base_url == NULL || *base_url == '\0')
    failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "The account has no address");
  _bobbin_nebelus_wipe (authorization);

  return failure;
}

static char *
dup_base (const BobbinNebelusTarget *target)
{
  char *base = g_strdup (_bobbin_nebelus_backend_get_base_url (target->backend));
  gsize length = strlen (base);

  while (length > 0 && base[length - 1] == '/')
    base[--length] = '\0';

  return base;
}

/* nebelus.md, section 1: ids are opaque and percent-encoded, the final slash belongs to every path. */
char *
_bobbin_nebelus_target_dup_ws_url (const BobbinNebelusTarget *target)
{
  g_autofree char *base = dup_base (target);
  g_autofree char *agent = g_uri_escape_string (target->agent_id, NULL, FALSE);
  g_autofree char *thread = target->thread_id != NULL ? g_uri_escape_string (target->thread_id, NULL, FALSE) : NULL;
  const char *rest = base;

  if (g_str_has_prefix (base, "http"))
    rest = base + strlen ("http");
  else if (g_str_has_prefix (base, "ws"))
    rest = base + strlen ("ws");

  if (thread != NULL)
    return g_strdup_printf ("ws%s/ws/agents/%s/threads/%s/", rest, agent, thread);

  return g_strdup_printf ("ws%s/ws/agents/%s/chat/", rest, agent);
}

char *
_bobbin_nebelus_target_dup_chat_url (const BobbinNebelusTarget *target)
{
  g_autofree char *base = dup_base (target);
  g_autofree char *agent = g_uri_escape_string (target->agent_id, NULL, FALSE);

  if (g_str_has_prefix (base, "ws"))
    return g_strdup_printf ("http%s/api/agents/%s/chat/", base + strlen ("ws"), agent);

  return g_strdup_printf ("%s/api/agents/%s/chat/", base, agent);
}

static char *
dup_content (BobbinTurn *turn)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < turn->attachments->len; i++)
    g_ptr_array_add (names, (gpointer) bobbin_attachment_get_name (g_ptr_array_index (turn->attachments, i)));

  return bobbin_nebelus_dup_content (turn->text, (const char *const *) names->pdata, names->len);
}

BobbinBodyStream *
_bobbin_nebelus_encode_turn (BobbinTurn *turn,
                             gboolean    sse,
                             const char *thread_id)
{
  BobbinBodyStream *body = bobbin_body_stream_new ();
  g_autofree char *content = dup_content (turn);
  const BobbinNebelusChat chat = { .text = content, .thread_id = thread_id, .n_attachments = turn->attachments->len };
  g_autofree char *prefix = sse ? bobbin_nebelus_encode_sse_prefix (&chat) : bobbin_nebelus_encode_ws_prefix (&chat);

  bobbin_body_stream_append_text (body, prefix, -1);
  for (guint i = 0; i < turn->attachments->len; i++)
    {
      BobbinAttachment *attachment = g_ptr_array_index (turn->attachments, i);
      const char *name = bobbin_attachment_get_name (attachment);
      g_autofree char *head = bobbin_nebelus_encode_attachment_prefix (i, name, bobbin_attachment_get_content_type (attachment));

      bobbin_body_stream_append_text (body, head, -1);
      bobbin_body_stream_append_file (body, bobbin_attachment_get_path (attachment), name, bobbin_attachment_get_size (attachment));
      bobbin_body_stream_append_text (body, bobbin_nebelus_get_attachment_suffix (), -1);
    }
  bobbin_body_stream_append_text (body, sse ? bobbin_nebelus_get_sse_suffix (&chat) : bobbin_nebelus_get_ws_suffix (&chat), -1);

  return body;
}

gboolean
_bobbin_nebelus_ends_channel (const BobbinFailure *failure)
{
  return failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_FORBIDDEN ||
         failure->code == BOBBIN_ERROR_NOT_FOUND || failure->code == BOBBIN_ERROR_INACTIVE;
}
