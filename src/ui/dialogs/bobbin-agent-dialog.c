#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-agent-dialog.h"

#include "app/bobbin-fit.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The list scrolls beyond this. */
#define MAX_LIST_HEIGHT 260

typedef struct
{
  BobbinSession *session;
  GListStore    *agents;  /* of BobbinAgent, of the account */
  GtkEditable   *entry;   /* borrowed from the dialog, as the next */
  GtkListBox    *list;    /* (nullable): no agent is known */
} Choice;

static void
choice_free (gpointer  data,
             GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->session);
  g_object_unref (choice->agents);
  g_free (choice);
}

static char *
dup_id (Choice *choice)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (choice->entry)));
}

static BobbinAgent *
find_agent (Choice     *choice,
            const char *agent_id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (choice->agents)); i++)
    {
      g_autoptr(BobbinAgent) agent = g_list_model_get_item (G_LIST_MODEL (choice->agents), i);

      if (g_strcmp0 (bobbin_agent_get_agent_id (agent), agent_id) == 0)
        return agent; /* the list holds it */
    }

  return NULL;
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Choice           *choice)
{
  g_autofree char *id = dup_id (choice);
  BobbinAgent *agent;

  if (!g_str_equal (response, "change") || *id == '\0')
    return;

  agent = find_agent (choice, id);
  bobbin_session_set_agent (choice->session, id, agent != NULL ? bobbin_agent_get_name (agent) : id);
}

/* Which one it is is told to screen readers, too. */
static void
mark_row (GtkListBoxRow *row,
          gboolean       chosen)
{
  GtkWidget *mark = g_object_get_data (G_OBJECT (row), "bobbin-mark");

  gtk_widget_set_opacity (mark, chosen ? 1 : 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, chosen, -1);
}

static void
changed_cb (AdwMessageDialog *dialog,
            GtkEditable      *entry)
{
  Choice *choice = g_object_get_data (G_OBJECT (dialog), "bobbin-choice");
  BobbinThread *thread = bobbin_session_get_thread (choice->session);
  g_autofree char *id = dup_id (choice);

  adw_message_dialog_set_response_enabled (dialog, "change",
                                           *id != '\0' && g_strcmp0 (id, bobbin_thread_get_agent_id (thread)) != 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (choice->agents)); i++)
    {
      g_autoptr(BobbinAgent) agent = g_list_model_get_item (G_LIST_MODEL (choice->agents), i);

      mark_row (gtk_list_box_get_row_at_index (choice->list, (int) i),
                g_strcmp0 (bobbin_agent_get_agent_id (agent), id) == 0);
    }
}

static void
activated_cb (AdwMessageDialog *dialog,
              GtkListBoxRow    *row)
{
  Choice *choice = g_object_get_data (G_OBJECT (dialog), "bobbin-choice");
  g_autoptr(BobbinAgent) agent =
      g_list_model_get_item (G_LIST_MODEL (choice->agents), (guint) gtk_list_box_row_get_index (row));

  gtk_editable_set_text (choice->entry, bobbin_agent_get_agent_id (agent));
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  BobbinAgent *agent = BOBBIN_AGENT (item);
  const char *name = bobbin_agent_get_name (agent);
  const char *id = bobbin_agent_get_agent_id (agent);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *subtitle = g_strcmp0 (name, id) != 0 ? g_markup_escape_text (id, -1) : NULL;
  GtkWidget *mark = gtk_image_new_from_icon_name ("bobbin-check-symbolic");
  GtkWidget *row;

  row = g_object_new (ADW_TYPE_ACTION_ROW,
                      "title", title,
                      "subtitle", subtitle,
                      "title-lines", 1,
                      "subtitle-lines", 1,
                      "activatable", TRUE,
                      NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
  g_object_set_data (G_OBJECT (row), "bobbin-mark", mark);

  return row;
}

static GtkWidget *
make_list (Choice           *choice,
           AdwMessageDialog *dialog)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  choice->list = GTK_LIST_BOX (list);
  gtk_list_box_bind_model (choice->list, G_LIST_MODEL (choice->agents), make_row, NULL, NULL);
  gtk_list_box_set_selection_mode (choice->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_margin_top (list, 1);
  gtk_widget_set_margin_bottom (list, 1);
  gtk_widget_set_margin_start (list, 1);
  gtk_widget_set_margin_end (list, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Agents"), -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (activated_cb), dialog, G_CONNECT_SWAPPED);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);

  return scrolled;
}

static Choice *
choice_new (BobbinSession *session,
            GPtrArray     *agents)
{
  Choice *choice = g_new0 (Choice, 1);
  gint64 account_id = bobbin_thread_get_account_id (bobbin_session_get_thread (session));

  choice->session = g_object_ref (session);
  choice->agents = g_list_store_new (BOBBIN_TYPE_AGENT);
  for (guint i = 0; agents != NULL && i < agents->len; i++)
    if (bobbin_agent_get_account_id (g_ptr_array_index (agents, i)) == account_id)
      g_list_store_append (choice->agents, g_ptr_array_index (agents, i));

  return choice;
}

void
bobbin_agent_dialog_present (GtkWindow     *parent,
                             BobbinSession *session,
                             GPtrArray     *agents)
{
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (bobbin_fit_dialog (parent, _("Change Agent"),
                                             _("The agent you choose goes on with this conversation and writes "
                                               "the next answer.")));
  const char *current = bobbin_thread_get_agent_id (bobbin_session_get_thread (session));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  Choice *choice = choice_new (session, agents);

  choice->entry = GTK_EDITABLE (entry);
  g_object_set_data (G_OBJECT (dialog), "bobbin-choice", choice);
  if (g_list_model_get_n_items (G_LIST_MODEL (choice->agents)) > 0)
    gtk_box_append (GTK_BOX (box), make_list (choice, dialog));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Agent ID"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Agent ID"), -1);
  gtk_box_append (GTK_BOX (box), entry);

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "change", _("C_hange"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "change", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "change");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, box);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), choice, choice_free, 0);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), dialog, G_CONNECT_SWAPPED);
  gtk_editable_set_text (GTK_EDITABLE (entry), current != NULL ? current : "");
  changed_cb (dialog, GTK_EDITABLE (entry));

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_editable_select_region (GTK_EDITABLE (entry), 0, -1);
  gtk_widget_grab_focus (entry);
}
