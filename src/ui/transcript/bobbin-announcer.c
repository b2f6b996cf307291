#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-announcer.h"
#include "bobbin-words.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAUSE_MS    1000
#define SPOKEN_MAX  2000 /* bytes of one announcement */

struct _BobbinAnnouncer
{
  GObject        parent_instance;
  /* owned */
  GtkLabel      *label;
  GListModel    *messages;  /* (nullable) */
  BobbinMessage *answer;    /* (nullable): the one being written */
  BobbinBlock   *block;     /* (nullable): its last text */
  gsize          told;      /* bytes of block that were announced */
  gsize          ended;     /* where its last finished paragraph ends */
  gboolean       finished;  /* to be said when the pause is over */
  guint          pause_id;  /* non-0 within a second after an announcement */
};

G_DEFINE_FINAL_TYPE (BobbinAnnouncer, bobbin_announcer, G_TYPE_OBJECT)

static void announce (BobbinAnnouncer *self);

static gboolean
pause_over_cb (gpointer user_data)
{
  BobbinAnnouncer *self = user_data;

  self->pause_id = 0;
  announce (self);

  return G_SOURCE_REMOVE;
}

static void
say (BobbinAnnouncer *self,
     const char      *text)
{
  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  self->pause_id = g_timeout_add (PAUSE_MS, pause_over_cb, self);
}

static void
announce (BobbinAnnouncer *self)
{
  if (self->pause_id != 0)
    return;

  if (self->ended > self->told)
    {
      const char *text = bobbin_block_get_text (self->block);
      gsize from = self->told;
      gsize end = self->ended;
      g_autofree char *spoken = NULL;

      if (end - from > SPOKEN_MAX)
        from = end - SPOKEN_MAX;
      while (from < end && (text[from] & 0xc0) == 0x80)
        from++;
      spoken = g_strndup (text + from, end - from);
      self->told = end;
      if (*g_strstrip (spoken) != '\0')
        say (self, spoken);
    }
  else if (self->finished)
    {
      g_autofree char *ending = bobbin_words_delivery (self->answer, BOBBIN_ACTIVITY_NONE);

      self->finished = FALSE;
      say (self, ending != NULL ? ending : _("Answer finished"));
    }
}

/* A paragraph ends with a blank line. Only what is new is looked at: there may be tens of thousands of pieces. */
static void
appended_cb (BobbinAnnouncer *self,
             guint            offset)
{
  const char *text = bobbin_block_get_text (self->block);

  for (gsize i = bobbin_block_get_length (self->block); i > MAX (offset, self->told + 1); i--)
    if (text[i - 1] == '\n' && text[i - 2] == '\n')
      {
        self->ended = i;
        announce (self);
        return;
      }
}

static void
block_state_cb (BobbinAnnouncer *self)
{
  if (bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN)
    return;

  self->ended = bobbin_block_get_length (self->block);
  announce (self);
}

static void
set_block (BobbinAnnouncer *self,
           BobbinBlock     *block)
{
  if (self->block == block)
    return;

  if (self->block != NULL)
    g_signal_handlers_disconnect_by_data (self->block, self);
  g_set_object (&self->block, block);
  self->told = 0;
  self->ended = 0;
  if (block == NULL)
    return;

  g_signal_connect_object (block, "appended", G_CALLBACK (appended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "notify::state", G_CALLBACK (block_state_cb), self, G_CONNECT_SWAPPED);
  appended_cb (self, 0);
}

static void
blocks_changed_cb (BobbinAnnouncer *self)
{
  guint n = bobbin_message_get_n_blocks (self->answer);
  BobbinBlock *last = n > 0 ? bobbin_message_get_block (self->answer, n - 1) : NULL;

  if (last != NULL && bobbin_block_get_kind (last) == BOBBIN_BLOCK_TEXT)
    set_block (self, last);
}

static void
delivery_cb (BobbinAnnouncer *self)
{
  if (bobbin_message_get_delivery (self->answer) == BOBBIN_DELIVERY_ANSWERING)
    return;

  self->finished = TRUE;
  announce (self);
}

static void
set_answer (BobbinAnnouncer *self,
            BobbinMessage   *answer)
{
  if (self->answer != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->answer, self);
      g_signal_handlers_disconnect_by_data (bobbin_message_get_blocks (self->answer), self);
    }
  set_block (self, NULL);
  self->finished = FALSE;
  g_set_object (&self->answer, answer);
  if (answer == NULL)
    return;

  g_signal_connect_object (answer, "notify::delivery", G_CALLBACK (delivery_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_message_get_blocks (answer), "items-changed", G_CALLBACK (blocks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  blocks_changed_cb (self);
}

static void
items_changed_cb (BobbinAnnouncer *self,
                  guint            position,
                  guint            n_removed,
                  guint            n_added)
{
  guint n = g_list_model_get_n_items (self->messages);
  g_autoptr(BobbinMessage) last = NULL;

  if (n_added == 0 || position + n_added != n)
    return;

  last = g_list_model_get_item (self->messages, n - 1);
  if (bobbin_message_get_role (last) == BOBBIN_ROLE_ASSISTANT &&
      bobbin_message_get_delivery (last) == BOBBIN_DELIVERY_ANSWERING)
    set_answer (self, last);
}

static void
bobbin_announcer_dispose (GObject *object)
{
  BobbinAnnouncer *self = BOBBIN_ANNOUNCER (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  bobbin_announcer_set_model (self, NULL);
  g_clear_object (&self->label);

  G_OBJECT_CLASS (bobbin_announcer_parent_class)->dispose (object);
}

static void
bobbin_announcer_class_init (BobbinAnnouncerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_announcer_dispose;
}

static void
bobbin_announcer_init (BobbinAnnouncer *self)
{
}

BobbinAnnouncer *
bobbin_announcer_new (GtkLabel *label)
{
  BobbinAnnouncer *self = g_object_new (BOBBIN_TYPE_ANNOUNCER, NULL);

  self->label = g_object_ref (label);

  return self;
}

void
bobbin_announcer_set_model (BobbinAnnouncer *self,
                            GListModel      *messages)
{
  g_return_if_fail (BOBBIN_IS_ANNOUNCER (self));

  if (self->messages == messages)
    return;

  set_answer (self, NULL);
  if (self->messages != NULL)
    g_signal_handlers_disconnect_by_data (self->messages, self);
  g_set_object (&self->messages, messages);
  if (messages == NULL)
    return;

  /* What was said of another conversation is not to be read in this one. */
  gtk_label_set_label (self->label, "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
}
