#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-quick-window.h"

#include "app/bobbin-failure-text.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "store/bobbin-store.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>
#include <string.h>

#define AGENT_KEY "quick-agent" /* "ACCOUNT AGENT", the agent's id may be empty: that of the account */

/* Whom to ask. */
typedef struct
{
  BobbinAccount *account;    /* owned */
  char          *agent_id;   /* (nullable): that of the account */
  char          *agent_name; /* (nullable) */
} Choice;

struct _BobbinQuickWindow
{
  AdwWindow parent_instance;

  /* owned */
  BobbinLibrary *library;
  GSettings     *settings;
  BobbinSession *session;     /* (nullable): from the first letter on */
  GPtrArray     *choices;     /* of Choice, as the drop-down shows them */
  GCancellable  *cancellable;
  gboolean       syncing;     /* entry and draft are being made alike, or the list is filled */

  /* borrowed: template */
  GtkEntry      *entry;
  GtkLabel      *problem;
  GtkDropDown   *agents;
  GtkLabel      *agent;   /* in its place where there is one only */
};

G_DEFINE_FINAL_TYPE (BobbinQuickWindow, bobbin_quick_window, ADW_TYPE_WINDOW)

enum { SIGNAL_SENT, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
choice_free (Choice *choice)
{
  g_object_unref (choice->account);
  g_free (choice->agent_id);
  g_free (choice->agent_name);
  g_free (choice);
}

static Choice *
get_choice (BobbinQuickWindow *self)
{
  guint selected = gtk_drop_down_get_selected (self->agents);

  return selected < self->choices->len ? g_ptr_array_index (self->choices, selected) : NULL;
}

static void
show_problem (BobbinQuickWindow *self,
              const char        *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static void
update (BobbinQuickWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "quick.send",
                                 self->session != NULL && !bobbin_draft_is_empty (bobbin_session_get_draft (self->session)));
}

/* The draft and the entry are kept alike */

static void
draft_changed_cb (BobbinQuickWindow *self)
{
  const char *text = bobbin_draft_get_text (bobbin_session_get_draft (self->session));

  if (!self->syncing && g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (self->entry))) != 0)
    {
      self->syncing = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
      gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
      self->syncing = FALSE;
    }
  update (self);
}

static void
take_session (BobbinQuickWindow *self,
              BobbinThread      *thread)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (bobbin_session_get_draft (self->session), self);
  g_clear_object (&self->session);
  if (thread == NULL)
    return;

  self->session = bobbin_library_get_session (self->library, thread);
  g_signal_connect_object (bobbin_session_get_draft (self->session), "changed", G_CALLBACK (draft_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Nothing was ever said in it: no trace of it should be in the list. */
static void
forget_thread (BobbinQuickWindow *self)
{
  g_autoptr(BobbinThread) thread = g_object_ref (bobbin_session_get_thread (self->session));

  bobbin_draft_clear (bobbin_session_get_draft (self->session));
  take_session (self, NULL);
  bobbin_library_bin_thread (self->library, thread, TRUE);
}

static void
text_changed_cb (BobbinQuickWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  Choice *choice = get_choice (self);

  if (self->syncing || choice == NULL)
    return;

  show_problem (self, NULL);
  if (self->session == NULL && *text != '\0')
    {
      g_autoptr(BobbinThread) thread = bobbin_library_new_thread (self->library, choice->account, choice->agent_id,
                                                                  choice->agent_name);

      take_session (self, thread);
    }
  if (self->session != NULL)
    {
      self->syncing = TRUE;
      bobbin_draft_set_text (bobbin_session_get_draft (self->session), text, gtk_editable_get_position (GTK_EDITABLE (self->entry)));
      self->syncing = FALSE;
    }
  update (self);
}

static void
remember_choice (BobbinQuickWindow *self,
                 Choice            *choice)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_account_get_id (choice->account));
  g_autofree char *value = g_strconcat (id, " ", choice->agent_id != NULL ? choice->agent_id : "", NULL);

  g_settings_set_string (self->settings, AGENT_KEY, value);
}

/* What is typed moves to a conversation with the other one. */
static void
agent_chosen_cb (BobbinQuickWindow *self)
{
  Choice *choice = get_choice (self);

  if (self->syncing || choice == NULL)
    return;

  remember_choice (self, choice);
  if (self->session != NULL)
    {
      self->syncing = TRUE;
      forget_thread (self);
      self->syncing = FALSE;
      text_changed_cb (self);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
send_cb (BobbinQuickWindow *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = NULL;

  if (self->session == NULL || bobbin_draft_is_empty (bobbin_session_get_draft (self->session)))
    return;

  thread = g_object_ref (bobbin_session_get_thread (self->session));
  if (!bobbin_session_send (self->session, &error))
    {
      g_autofree char *sentence = bobbin_error_dup_sentence (error);

      show_problem (self, sentence);
      return;
    }

  take_session (self, NULL);
  g_signal_emit (self, signals[SIGNAL_SENT], 0, thread);
  gtk_window_close (GTK_WINDOW (self));
}

static void
send_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  send_cb (BOBBIN_QUICK_WINDOW (widget));
}

/* Whom to ask */

static void
add_choice (BobbinQuickWindow *self,
            GtkStringList     *names,
            BobbinAccount     *account,
            BobbinAgent       *agent)
{
  Choice *choice = g_new0 (Choice, 1);
  g_autofree char *name = NULL;

  choice->account = g_object_ref (account);
  choice->agent_id = g_strdup (agent != NULL ? bobbin_agent_get_agent_id (agent) : bobbin_account_get_agent_id (account));
  choice->agent_name = agent != NULL ? g_strdup (bobbin_agent_get_name (agent)) : NULL;
  if (agent != NULL && g_list_model_get_n_items (bobbin_library_get_accounts (self->library)) > 1)
    /* Translators: in a list to choose from: an agent’s name, then the account it belongs to. */
    name = g_strdup_printf (C_("agent and account", "%1$s · %2$s"), choice->agent_name, bobbin_account_get_name (account));
  else
    name = g_strdup (agent != NULL ? choice->agent_name : bobbin_account_get_name (account));
  g_ptr_array_add (self->choices, choice);
  gtk_string_list_append (names, name);
}

static gboolean
is_choice (Choice     *choice,
           const char *value)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_account_get_id (choice->account));
  const char *space = strchr (value, ' ');

  return space != NULL && strncmp (value, id, (size_t) (space - value)) == 0
         && g_strcmp0 (space + 1, choice->agent_id != NULL ? choice->agent_id : "") == 0;
}

/* @agents: (nullable): those that are known; an account of which none is known stands for itself. */
static void
fill_choices (BobbinQuickWindow *self,
              GPtrArray         *agents)
{
  GListModel *accounts = bobbin_library_get_accounts (self->library);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *last = g_settings_get_string (self->settings, AGENT_KEY);
  guint selected = 0;

  g_ptr_array_set_size (self->choices, 0);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);
      guint before = self->choices->len;

      for (guint j = 0; agents != NULL && j < agents->len; j++)
        if (bobbin_agent_get_account_id (agents->pdata[j]) == bobbin_account_get_id (account))
          add_choice (self, names, account, agents->pdata[j]);
      if (self->choices->len == before)
        add_choice (self, names, account, NULL);
    }
  for (guint i = 0; i < self->choices->len; i++)
    if (is_choice (g_ptr_array_index (self->choices, i), last))
      selected = i;

  self->syncing = TRUE;
  gtk_drop_down_set_model (self->agents, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->agents, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->agents), self->choices->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->agent), self->choices->len == 1);
  if (self->choices->len == 1)
    gtk_label_set_label (self->agent, gtk_string_list_get_string (names, 0));
  self->syncing = FALSE;
}

static void
agents_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinQuickWindow) self = BOBBIN_QUICK_WINDOW (user_data);
  g_autoptr(GPtrArray) agents = bobbin_store_list_agents_finish (BOBBIN_STORE (source), result, NULL);

  /* What is typed already belongs to the one that was shown. */
  if (agents != NULL && !g_cancellable_is_cancelled (self->cancellable) && self->session == NULL)
    fill_choices (self, agents);
}

static gboolean
bobbin_quick_window_close_request (GtkWindow *window)
{
  BobbinQuickWindow *self = BOBBIN_QUICK_WINDOW (window);

  if (self->session != NULL && bobbin_draft_is_empty (bobbin_session_get_draft (self->session)))
    forget_thread (self);

  return GTK_WINDOW_CLASS (bobbin_quick_window_parent_class)->close_request (window);
}

static void
bobbin_quick_window_dispose (GObject *object)
{
  BobbinQuickWindow *self = BOBBIN_QUICK_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->syncing = TRUE; /* nothing is typed while the entry goes */
  if (self->session != NULL)
    take_session (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_QUICK_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_quick_window_parent_class)->dispose (object);
}

static void
bobbin_quick_window_finalize (GObject *object)
{
  BobbinQuickWindow *self = BOBBIN_QUICK_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->choices, g_ptr_array_unref);

  G_OBJECT_CLASS (bobbin_quick_window_parent_class)->finalize (object);
}

static void
bobbin_quick_window_class_init (BobbinQuickWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_quick_window_dispose;
  object_class->finalize = bobbin_quick_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = bobbin_quick_window_close_request;
  signals[SIGNAL_SENT] = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, BOBBIN_TYPE_THREAD);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-quick-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinQuickWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinQuickWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, BobbinQuickWindow, agents);
  gtk_widget_class_bind_template_child (widget_class, BobbinQuickWindow, agent);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, agent_chosen_cb);
  gtk_widget_class_install_action (widget_class, "quick.send", NULL, send_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_quick_window_init (BobbinQuickWindow *self)
{
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) choice_free);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bobbin_quick_window_new (GtkApplication *application,
                         BobbinLibrary  *library,
                         GSettings      *settings,
                         BobbinThread   *thread)
{
  BobbinQuickWindow *self = g_object_new (BOBBIN_TYPE_QUICK_WINDOW, "application", application, NULL);

  self->library = g_object_ref (library);
  self->settings = g_object_ref (settings);
  fill_choices (self, NULL);
  if (thread != NULL)
    {
      take_session (self, thread);
      draft_changed_cb (self);
    }
  update (self);
  bobbin_store_list_agents_async (bobbin_library_get_store (library), 0, self->cancellable, agents_listed_cb, g_object_ref (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));

  return GTK_WIDGET (self);
}

BobbinThread *
bobbin_quick_window_get_thread (BobbinQuickWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_QUICK_WINDOW (self), NULL);

  return self->session != NULL && !bobbin_draft_is_empty (bobbin_session_get_draft (self->session))
           ? bobbin_session_get_thread (self->session) : NULL;
}
