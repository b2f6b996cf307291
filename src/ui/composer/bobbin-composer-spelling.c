/* Spelling in the composer: checked from the first words on, in the language of the conversation. */
#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-composer-private.h"

#include "session/bobbin-session.h"

static void
language_cb (BobbinComposer *self)
{
  if (self->session != NULL)
    bobbin_session_set_spelling (self->session, bobbin_speller_get_language (self->speller));
}

/* Nothing is opened for an empty composer: most starts end with one. */
void
_bobbin_composer_update_spelling (BobbinComposer *self)
{
  if (self->speller == NULL)
    {
      if (!self->check_spelling || self->session == NULL
          || gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->text_view)) == 0)
        return;
      self->speller = bobbin_speller_new (self->text_view);
      g_signal_connect_object (self->speller, "notify::language", G_CALLBACK (language_cb), self, G_CONNECT_SWAPPED);
    }

  bobbin_speller_set_enabled (self->speller, self->check_spelling);
  bobbin_speller_set_composing (self->speller, self->preediting);
  if (self->session != NULL)
    {
      g_autofree char *language = bobbin_session_dup_spelling (self->session);

      bobbin_speller_set_language (self->speller, language);
    }
}
