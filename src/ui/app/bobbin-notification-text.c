#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-notification-text.h"

#include "app/bobbin-failure-text.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-decider.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

#define TITLE_MAX    80  /* characters, as the next two */
#define BODY_MAX     240
#define QUESTION_MAX 500 /* of an approval: more than this cannot be decided without looking */

void
bobbin_notification_text_free (BobbinNotificationText *self)
{
  g_free (self->title);
  g_free (self->body);
  g_free (self);
}

/* Takes both. */
static BobbinNotificationText *
text_new (char *title,
          char *body)
{
  BobbinNotificationText *self = g_new0 (BobbinNotificationText, 1);

  self->title = title;
  self->body = body;

  return self;
}

static char *
dup_title (BobbinThread *thread)
{
  const char *title = bobbin_thread_get_title (thread);

  return title != NULL && *title != '\0' ? bobbin_text_truncate (title, TITLE_MAX) : g_strdup (_("New Conversation"));
}

BobbinNotificationText *
bobbin_notification_text_answer (BobbinThread *thread,
                                 gboolean      preview)
{
  const char *snippet = bobbin_thread_get_snippet (thread);

  if (!preview)
    return text_new (g_strdup (_("An answer is ready")), NULL);
  if (snippet == NULL || *snippet == '\0')
    return text_new (dup_title (thread), g_strdup (_("The answer is ready")));

  return text_new (dup_title (thread), bobbin_text_truncate (snippet, BODY_MAX));
}

/* "send_mail {"to":…}", a line for each tool. */
static char *
dup_tools (BobbinBlock *approval)
{
  const char *data = bobbin_block_get_data (approval);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;
  guint n = tools != NULL ? json_array_get_length (tools) : 0;
  g_autoptr(GString) lines = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (tools, i);
      JsonObject *tool = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = tool != NULL ? bobbin_json_get_string (tool, "name") : NULL;
      JsonNode *args = tool != NULL ? json_object_get_member (tool, "args") : NULL;
      g_autofree char *written = args != NULL ? json_to_string (args, FALSE) : NULL;
      g_autofree char *line = g_strdup_printf ("%s %s", name != NULL ? name : "?", written != NULL ? written : "");
      g_autofree char *clean = bobbin_text_clean_name (line);

      g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", clean);
    }

  return g_string_free (g_steal_pointer (&lines), FALSE);
}

BobbinNotificationText *
bobbin_notification_text_approval (BobbinThread *thread,
                                   BobbinBlock  *approval,
                                   gboolean      preview)
{
  g_autofree char *question = NULL;
  g_autofree char *tools = NULL;
  g_autofree char *all = NULL;
  BobbinNotificationText *text;

  if (!preview)
    return text_new (g_strdup (_("An agent asks for your approval")), NULL);

  question = bobbin_text_one_line (bobbin_block_get_text (approval));
  tools = dup_tools (approval);
  all = g_strdup_printf ("%s%s%s", question, *question != '\0' && *tools != '\0' ? "\n" : "", tools);
  text = text_new (dup_title (thread), *all != '\0' ? bobbin_text_truncate (all, QUESTION_MAX)
                                                    : g_strdup (_("The agent asks for your approval")));
  text->decidable = bobbin_approval_takes_decision (approval) && *all != '\0' && g_utf8_strlen (all, -1) <= QUESTION_MAX;

  return text;
}

BobbinNotificationText *
bobbin_notification_text_failure (BobbinThread        *thread,
                                  gboolean             sent,
                                  const BobbinFailure *failure,
                                  gboolean             preview)
{
  g_autofree char *sentence = NULL;

  if (!preview)
    return text_new (g_strdup (sent ? _("An answer failed") : _("A message was not sent")), NULL);
  if (failure == NULL)
    return text_new (dup_title (thread), g_strdup (sent ? _("The answer failed") : _("The message was not sent")));

  sentence = bobbin_failure_dup_sentence (failure);
  /* Translators: %s is a sentence that says why. */
  return text_new (dup_title (thread), sent ? g_strdup_printf (_("The answer failed. %s"), sentence)
                                            : g_strdup_printf (_("The message was not sent. %s"), sentence));
}

BobbinNotificationText *
bobbin_notification_text_undecided (const GError *error)
{
  return text_new (g_strdup (_("Your decision did not reach the agent")), bobbin_error_dup_sentence (error));
}
