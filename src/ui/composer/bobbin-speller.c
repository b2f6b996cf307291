#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-speller-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_SUGGESTIONS 6

G_DEFINE_FINAL_TYPE (BobbinSpeller, bobbin_speller, G_TYPE_OBJECT)

enum { PROP_LANGUAGE = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

/* The menu */

static gboolean
get_word (BobbinSpeller *self,
          GtkTextIter   *start,
          GtkTextIter   *end)
{
  gtk_text_buffer_get_iter_at_mark (self->buffer, start, self->at);
  *end = *start;
  if (!gtk_text_iter_has_tag (start, self->tag) && !gtk_text_iter_ends_tag (start, self->tag))
    return FALSE;

  if (!gtk_text_iter_starts_tag (start, self->tag))
    gtk_text_iter_backward_to_tag_toggle (start, self->tag);
  *end = *start;
  gtk_text_iter_forward_to_tag_toggle (end, self->tag);

  return TRUE;
}

static void
append_suggestions (BobbinSpeller *self,
                    const char    *word)
{
  g_auto(GStrv) words = bobbin_dictionary_suggest (self->dictionary, word);
  g_autoptr(GMenu) section = g_menu_new ();

  for (guint i = 0; words[i] != NULL && i < MAX_SUGGESTIONS; i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new (NULL, NULL);
      g_auto(GStrv) parts = g_strsplit (words[i], "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts);

      g_menu_item_set_label (item, label);
      g_menu_item_set_action_and_target (item, "spelling.replace", "s", words[i]);
      g_menu_append_item (section, item);
    }
  if (words[0] == NULL)
    g_menu_append (section, _("No Suggestions"), "spelling.nothing");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
}

static void
append_languages (BobbinSpeller *self)
{
  g_autoptr(GMenu) list = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();

  if (self->languages == NULL || self->languages[0] == NULL)
    return;

  g_menu_append (list, _("Do Not Check"), "spelling.language::");
  for (guint i = 0; self->languages[i] != NULL; i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new (self->names[i], NULL);

      g_menu_item_set_action_and_target (item, "spelling.language", "s", self->languages[i]);
      g_menu_append_item (list, item);
    }
  g_menu_append_submenu (section, _("_Spelling"), G_MENU_MODEL (list));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
}

static void
fill_menu (BobbinSpeller     *self,
           const GtkTextIter *at)
{
  GtkTextIter start, end;

  g_menu_remove_all (self->menu);
  if (!self->enabled || self->view == NULL)
    return;

  gtk_text_buffer_move_mark (self->buffer, self->at, at);
  if (_bobbin_speller_is_working (self) && get_word (self, &start, &end))
    {
      g_autofree char *word = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
      g_autoptr(GMenu) section = g_menu_new ();

      append_suggestions (self, word);
      g_menu_append (section, _("_Add to Dictionary"), "spelling.add");
      g_menu_append (section, _("_Ignore"), "spelling.ignore");
      g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
    }
  append_languages (self);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BobbinSpeller   *self)
{
  GtkTextIter at;
  int bx, by;

  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &bx, &by);
  gtk_text_view_get_iter_at_location (self->view, &at, bx, by);
  fill_menu (self, &at);
}

/* Opened by the keyboard, the menu is about the word at the cursor. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BobbinSpeller         *self)
{
  GtkTextIter cursor;

  if (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0))
    {
      _bobbin_speller_get_cursor (self, &cursor);
      fill_menu (self, &cursor);
    }

  return GDK_EVENT_PROPAGATE;
}

/* Opening a dictionary */

typedef struct
{
  BobbinDictionary *dictionary; /* (nullable) */
  char             *language;   /* (nullable): of the dictionary */
  GStrv             languages;
  GStrv             names;
} Loaded;

static void
loaded_free (Loaded *loaded)
{
  g_clear_pointer (&loaded->dictionary, bobbin_dictionary_free);
  g_free (loaded->language);
  g_strfreev (loaded->languages);
  g_strfreev (loaded->names);
  g_free (loaded);
}

typedef struct
{
  char    *language; /* (nullable): that of the desktop */
  gboolean list;     /* the languages there are, too */
} Wanted;

static void
wanted_free (Wanted *wanted)
{
  g_free (wanted->language);
  g_free (wanted);
}

/* On a thread of its own. */
static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Wanted *wanted = task_data;
  Loaded *loaded = g_new0 (Loaded, 1);

  loaded->language = wanted->language != NULL ? g_strdup (wanted->language) : bobbin_dictionary_dup_default ();
  if (loaded->language != NULL && *loaded->language != '\0')
    loaded->dictionary = bobbin_dictionary_new (loaded->language);
  if (wanted->list)
    {
      loaded->languages = bobbin_dictionary_list_languages ();
      loaded->names = bobbin_dictionary_dup_names ((const char *const *) loaded->languages);
    }
  g_task_return_pointer (task, loaded, (GDestroyNotify) loaded_free);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BobbinSpeller *self = BOBBIN_SPELLER (source);
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), NULL);
  GAction *action;

  if (loaded == NULL)
    return; /* another one is on its way */

  g_clear_object (&self->loading);
  self->dictionary = g_steal_pointer (&loaded->dictionary);
  if (loaded->languages != NULL)
    {
      g_strfreev (self->languages);
      g_strfreev (self->names);
      self->languages = g_steal_pointer (&loaded->languages);
      self->names = g_steal_pointer (&loaded->names);
    }
  action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "language");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (self->dictionary != NULL ? loaded->language : ""));
  loaded_free (loaded);
  _bobbin_speller_check_all (self);
}

static void
load (BobbinSpeller *self)
{
  g_autoptr(GTask) task = NULL;
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->language = g_strdup (self->language);
  wanted->list = self->languages == NULL;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  task = g_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, wanted, (GDestroyNotify) wanted_free);
  g_task_run_in_thread (task, load_thread);
}

/* Actions */

static void
replace_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  BobbinSpeller *self = user_data;
  GtkTextIter start, end;

  if (!_bobbin_speller_is_working (self) || !get_word (self, &start, &end))
    return;

  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, g_variant_get_string (parameter, NULL), -1);
  gtk_text_buffer_end_user_action (self->buffer);
}

static void
accept (BobbinSpeller *self,
        void         (*how) (BobbinDictionary *, const char *))
{
  GtkTextIter start, end;
  g_autofree char *word = NULL;

  if (!_bobbin_speller_is_working (self) || !get_word (self, &start, &end))
    return;

  word = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
  how (self->dictionary, word);
  _bobbin_speller_check_all (self);
}

static void
add_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  accept (user_data, bobbin_dictionary_add);
}

static void
ignore_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  accept (user_data, bobbin_dictionary_ignore);
}

static void
language_cb (GSimpleAction *action,
             GVariant      *state,
             gpointer       user_data)
{
  BobbinSpeller *self = user_data;

  bobbin_speller_set_language (self, g_variant_get_string (state, NULL));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LANGUAGE]);
}

static void
bobbin_speller_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LANGUAGE:
      g_value_set_string (value, BOBBIN_SPELLER (object)->language);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_speller_dispose (GObject *object)
{
  BobbinSpeller *self = BOBBIN_SPELLER (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->view != NULL)
    {
      gtk_text_view_set_extra_menu (self->view, NULL);
      gtk_widget_insert_action_group (GTK_WIDGET (self->view), "spelling", NULL);
    }
  g_clear_weak_pointer (&self->view);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (bobbin_speller_parent_class)->dispose (object);
}

static void
bobbin_speller_finalize (GObject *object)
{
  BobbinSpeller *self = BOBBIN_SPELLER (object);

  g_clear_pointer (&self->dictionary, bobbin_dictionary_free);
  g_free (self->language);
  g_strfreev (self->languages);
  g_strfreev (self->names);
  g_clear_object (&self->loading);
  g_clear_object (&self->tag);
  g_clear_object (&self->menu);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (bobbin_speller_parent_class)->finalize (object);
}

static void
bobbin_speller_class_init (BobbinSpellerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_speller_get_property;
  object_class->dispose = bobbin_speller_dispose;
  object_class->finalize = bobbin_speller_finalize;
  props[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_speller_init (BobbinSpeller *self)
{
  static const GActionEntry entries[] = {
    { "replace", replace_cb, "s", NULL, NULL, { 0 } },
    { "add", add_cb, NULL, NULL, NULL, { 0 } },
    { "ignore", ignore_cb, NULL, NULL, NULL, { 0 } },
    { "language", NULL, "s", "''", language_cb, { 0 } },
  };

  self->enabled = TRUE;
  self->menu = g_menu_new ();
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

static void
watch_view (BobbinSpeller *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* Before the view, which opens the menu. */
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (click));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);

  _bobbin_speller_watch_buffer (self);
}

BobbinSpeller *
bobbin_speller_new (GtkTextView *view)
{
  BobbinSpeller *self = g_object_new (BOBBIN_TYPE_SPELLER, NULL);
  GtkTextIter start;

  g_set_weak_pointer (&self->view, view);
  self->buffer = g_object_ref (gtk_text_view_get_buffer (view));
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  self->tag = g_object_ref (gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL));
  self->from = gtk_text_buffer_create_mark (self->buffer, NULL, &start, TRUE);
  self->to = gtk_text_buffer_create_mark (self->buffer, NULL, &start, FALSE);
  self->skipped_at = gtk_text_buffer_create_mark (self->buffer, NULL, &start, FALSE);
  self->at = gtk_text_buffer_create_mark (self->buffer, NULL, &start, TRUE);
  gtk_text_view_set_extra_menu (view, G_MENU_MODEL (self->menu));
  gtk_widget_insert_action_group (GTK_WIDGET (view), "spelling", G_ACTION_GROUP (self->actions));
  watch_view (self);
  load (self);

  return self;
}

void
bobbin_speller_set_language (BobbinSpeller *self,
                             const char    *language)
{
  g_return_if_fail (BOBBIN_IS_SPELLER (self));

  if (g_strcmp0 (self->language, language) == 0)
    return;

  g_free (self->language);
  self->language = g_strdup (language);
  g_clear_pointer (&self->dictionary, bobbin_dictionary_free);
  _bobbin_speller_check_all (self);
  load (self);
}

const char *
bobbin_speller_get_language (BobbinSpeller *self)
{
  g_return_val_if_fail (BOBBIN_IS_SPELLER (self), NULL);

  return self->language;
}

void
bobbin_speller_set_enabled (BobbinSpeller *self,
                            gboolean       enabled)
{
  g_return_if_fail (BOBBIN_IS_SPELLER (self));

  if (self->enabled == enabled)
    return;

  self->enabled = enabled;
  g_menu_remove_all (self->menu);
  _bobbin_speller_check_all (self);
}

void
bobbin_speller_set_composing (BobbinSpeller *self,
                              gboolean       composing)
{
  GtkTextIter from, to;

  g_return_if_fail (BOBBIN_IS_SPELLER (self));

  if (self->composing == composing)
    return;

  /* What was wanted meanwhile is still between the marks. */
  self->composing = composing;
  if (composing)
    g_clear_handle_id (&self->idle_id, g_source_remove);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &from, self->from);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &to, self->to);
  if (!composing && gtk_text_iter_compare (&from, &to) < 0)
    _bobbin_speller_schedule (self);
}
