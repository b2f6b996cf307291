#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-search-filters.h"

#include "app/bobbin-label-text.h"
#include "app/bobbin-time-text.h"
#include "app/bobbin-wrap-layout.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-message.h"
#include "sidebar/bobbin-date-range.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-id.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define GAP       6
#define MAX_CHARS 24   /* of a name on a button */
#define DAYS_CHOSEN -1 /* by a first and a last one */

enum
{
  FILTER_ACCOUNT,
  FILTER_AGENT,
  FILTER_LABEL,
  FILTER_ROLE,
  FILTER_DATE,
  FILTER_PARTS,
  N_FILTERS
};

struct _BobbinSearchFilters
{
  GtkWidget parent_instance;

  /* owned */
  BobbinLibrary      *library;
  GSimpleActionGroup *actions;
  GPtrArray          *agents;     /* (nullable) of BobbinAgent, last known */
  GCancellable       *cancellable;
  char               *agent_id;   /* (nullable) */
  gint64              account_id;
  gint64              label_id;   /* 0: any and none */
  guint               roles;
  int                 days;       /* back from today; 0: any time, 1: today, DAYS_CHOSEN: from first to last */
  gint64              first_us;   /* midnights; 0: open */
  gint64              last_us;
  BobbinSearchParts   parts;
  gboolean            with_files;
  /* borrowed, as children */
  GtkWidget          *buttons[N_FILTERS];
  GtkWidget          *range;      /* (nullable) until it is asked for */
  GtkWidget          *files;
  GtkWidget          *clear;
};

G_DEFINE_FINAL_TYPE (BobbinSearchFilters, bobbin_search_filters, GTK_TYPE_WIDGET)

static guint changed_signal;

static const struct { const char *name; const char *label; BobbinSearchParts part; } parts[] = {
  { "titles", N_("_Titles"), BOBBIN_SEARCH_TITLES },
  { "text", N_("_Messages"), BOBBIN_SEARCH_TEXT },
  { "thinking", N_("T_hinking"), BOBBIN_SEARCH_THINKING },
  { "code", N_("_Code"), BOBBIN_SEARCH_CODE },
  { "tools", N_("T_ools"), BOBBIN_SEARCH_TOOLS },
  /* Translators: tables, charts and JSON, as a place to search in */
  { "data", N_("Tables and _Data"), BOBBIN_SEARCH_DATA },
  { "files", N_("_File Names"), BOBBIN_SEARCH_FILES },
};

static const struct { int days; const char *label; } dates[] = {
  { 0, N_("_Any Time") }, { 1, N_("_Today") }, { 7, N_("Past _Week") }, { 30, N_("Past _Month") }, { 365, N_("Past _Year") },
  /* Translators: a span of days that is chosen in a calendar */
  { DAYS_CHOSEN, N_("_Choose Dates…") },
};

static const struct { guint roles; const char *label; } roles[] = {
  /* Translators: who wrote the messages that are searched */
  { 0, NC_("search", "_Anyone") }, { 1u << BOBBIN_ROLE_USER, NC_("search", "_You") },
  { 1u << BOBBIN_ROLE_ASSISTANT, NC_("search", "A_gents") },
};

/* A label of a menu on a button: without its mnemonic, which is an underscore or, in some languages, a letter in brackets. */
static char *
dup_plain (const char *label)
{
  const char *bracket = strstr (label, "(_");
  const char *end = bracket != NULL ? strchr (bracket, ')') : NULL;
  GString *plain = g_string_new (label);

  if (end != NULL)
    g_string_erase (plain, bracket - label, end + 1 - bracket);
  g_string_replace (plain, "_", "", 0);

  return g_strchomp (g_string_free (plain, FALSE));
}

static const char *
account_name (BobbinSearchFilters *self)
{
  BobbinAccount *account = bobbin_library_find_account (self->library, self->account_id);

  return account != NULL ? bobbin_account_get_name (account) : NULL;
}

static const char *
agent_name (BobbinSearchFilters *self)
{
  for (guint i = 0; self->agents != NULL && i < self->agents->len; i++)
    {
      BobbinAgent *agent = g_ptr_array_index (self->agents, i);

      if (g_strcmp0 (bobbin_agent_get_agent_id (agent), self->agent_id) == 0 && bobbin_agent_get_name (agent) != NULL)
        return bobbin_agent_get_name (agent);
    }

  return self->agent_id;
}

static const char *
label_name (BobbinSearchFilters *self)
{
  BobbinLabel *label = bobbin_library_find_label (self->library, self->label_id);

  return label != NULL ? bobbin_label_get_name (label) : "?";
}

/* What a filter is called when it holds nothing back, and the name it has for who only hears it. */
static const char *const idle_labels[N_FILTERS] = {
  [FILTER_ACCOUNT] = NC_("search", "Account"),
  [FILTER_AGENT] = NC_("search", "Agent"),
  [FILTER_LABEL] = NC_("search", "Label"),
  /* Translators: a filter: by whom the message is */
  [FILTER_ROLE] = NC_("search", "From"),
  [FILTER_DATE] = NC_("search", "Date"),
  /* Translators: a filter: titles, messages, code, file names… */
  [FILTER_PARTS] = NC_("search", "Search In"),
};

static char *
dup_value (BobbinSearchFilters *self,
           guint                filter)
{
  g_autoptr(GString) names = NULL;

  switch (filter)
    {
    case FILTER_ACCOUNT:
      return self->account_id != 0 ? bobbin_text_truncate (account_name (self) != NULL ? account_name (self) : "?", MAX_CHARS) : NULL;
    case FILTER_AGENT:
      return self->agent_id != NULL ? bobbin_text_truncate (agent_name (self), MAX_CHARS) : NULL;
    case FILTER_LABEL:
      return self->label_id != 0 ? bobbin_text_truncate (label_name (self), MAX_CHARS) : NULL;
    case FILTER_ROLE:
      for (guint i = 1; i < G_N_ELEMENTS (roles); i++)
        if (roles[i].roles == self->roles)
          return dup_plain (g_dpgettext2 (NULL, "search", roles[i].label));
      return NULL;
    case FILTER_DATE:
      if (self->days == DAYS_CHOSEN)
        return bobbin_date_range_dup_text (self->first_us, self->last_us);
      for (guint i = 1; i < G_N_ELEMENTS (dates); i++)
        if (dates[i].days == self->days)
          return dup_plain (_(dates[i].label));
      return NULL;
    default:
      break;
    }

  if (self->parts == BOBBIN_SEARCH_ALL)
    return NULL;
  names = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if ((self->parts & parts[i].part) != 0)
      {
        g_autofree char *plain = dup_plain (_(parts[i].label));

        /* Translators: between two things that are searched in */
        g_string_append_printf (names, "%s%s", names->len > 0 ? C_("list", ", ") : "", plain);
      }

  return bobbin_text_truncate (names->str, MAX_CHARS);
}

static void
update_button (BobbinSearchFilters *self,
               guint                filter)
{
  g_autofree char *value = dup_value (self, filter);
  const char *idle = g_dpgettext2 (NULL, "search", idle_labels[filter]);
  /* Translators: the name of a filter and what it is set to, for a screen reader */
  g_autofree char *name = value != NULL ? g_strdup_printf (_("%1$s: %2$s"), idle, value) : g_strdup (idle);
  GtkWidget *button = self->buttons[filter];

  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), value != NULL ? value : idle);
  gtk_widget_set_tooltip_text (button, name);
  /* The button within has the keyboard and is pressed; the one around it is found, too. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (button)), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (value != NULL)
    gtk_widget_add_css_class (button, "active");
  else
    gtk_widget_remove_css_class (button, "active");
}

static void
update (BobbinSearchFilters *self)
{
  gboolean several = g_list_model_get_n_items (bobbin_library_get_accounts (self->library)) > 1;

  for (guint i = 0; i < N_FILTERS; i++)
    update_button (self, i);
  gtk_widget_set_visible (self->buttons[FILTER_ACCOUNT], several || self->account_id != 0);
  gtk_widget_set_visible (self->buttons[FILTER_AGENT], self->agents != NULL && self->agents->len > 1);
  gtk_widget_set_visible (self->buttons[FILTER_LABEL], g_list_model_get_n_items (bobbin_library_get_labels (self->library)) > 0);
  gtk_widget_set_visible (self->clear, self->account_id != 0 || bobbin_search_filters_is_active (self));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
changed (BobbinSearchFilters *self)
{
  update (self);
  g_signal_emit (self, changed_signal, 0);
}

/* The state of every action follows from the fields. */
static void
update_actions (BobbinSearchFilters *self)
{
  GActionMap *map = G_ACTION_MAP (self->actions);
  g_autofree char *account = self->account_id != 0 ? bobbin_id_to_string (self->account_id) : g_strdup ("");
  g_autofree char *label = self->label_id != 0 ? bobbin_id_to_string (self->label_id) : g_strdup ("");

  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "account")), g_variant_new_string (account));
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "agent")),
                             g_variant_new_string (self->agent_id != NULL ? self->agent_id : ""));
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "label")), g_variant_new_string (label));
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "role")), g_variant_new_int32 ((gint32) self->roles));
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "date")), g_variant_new_int32 (self->days));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (map, parts[i].name)),
                               g_variant_new_boolean ((self->parts & parts[i].part) != 0));
}

static void
range_changed_cb (BobbinDateRange     *range,
                  BobbinSearchFilters *self)
{
  bobbin_date_range_get (range, &self->first_us, &self->last_us);
  self->days = self->first_us != 0 || self->last_us != 0 ? DAYS_CHOSEN : 0;
  update_actions (self);
  changed (self);
}

static void
range_closed_cb (GtkPopover          *range,
                 BobbinSearchFilters *self)
{
  gtk_widget_grab_focus (self->buttons[FILTER_DATE]);
}

/* After the menu, which is closing, has given the keyboard back. */
static gboolean
show_range_cb (gpointer user_data)
{
  BobbinSearchFilters *self = user_data;
  graphene_rect_t bounds;
  GdkRectangle at;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->library == NULL ||
      !gtk_widget_compute_bounds (self->buttons[FILTER_DATE], GTK_WIDGET (self), &bounds))
    return G_SOURCE_REMOVE;

  if (self->range == NULL)
    {
      self->range = bobbin_date_range_new ();
      g_signal_connect (self->range, "changed", G_CALLBACK (range_changed_cb), self);
      g_signal_connect (self->range, "closed", G_CALLBACK (range_closed_cb), self);
      gtk_widget_insert_after (self->range, GTK_WIDGET (self), NULL);
    }
  bobbin_date_range_set (BOBBIN_DATE_RANGE (self->range), self->first_us, self->last_us);
  at = (GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width, (int) bounds.size.height };
  gtk_popover_set_pointing_to (GTK_POPOVER (self->range), &at);
  gtk_popover_popup (GTK_POPOVER (self->range));

  return G_SOURCE_REMOVE;
}

static void
choose_date (BobbinSearchFilters *self,
             int                  days)
{
  if (days != DAYS_CHOSEN || self->first_us != 0 || self->last_us != 0)
    self->days = days;
  if (days == DAYS_CHOSEN)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_range_cb, g_object_ref (self), g_object_unref);
}

static void
choose_cb (GSimpleAction       *action,
           GVariant            *value,
           BobbinSearchFilters *self)
{
  const char *name = g_action_get_name (G_ACTION (action));

  if (g_str_equal (name, "account"))
    {
      if (!bobbin_id_parse (g_variant_get_string (value, NULL), &self->account_id))
        self->account_id = 0;
    }
  else if (g_str_equal (name, "agent"))
    {
      g_free (self->agent_id);
      self->agent_id = *g_variant_get_string (value, NULL) != '\0' ? g_variant_dup_string (value, NULL) : NULL;
    }
  else if (g_str_equal (name, "label"))
    {
      if (!bobbin_id_parse (g_variant_get_string (value, NULL), &self->label_id))
        self->label_id = 0;
    }
  else if (g_str_equal (name, "role"))
    self->roles = (guint) g_variant_get_int32 (value);
  else
    choose_date (self, g_variant_get_int32 (value));

  update_actions (self);
  changed (self);
}

/* One thing at least is searched in: without the last one, all are. */
static void
part_cb (GSimpleAction       *action,
         GVariant            *value,
         BobbinSearchFilters *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (parts[i].name, g_action_get_name (G_ACTION (action))))
      self->parts ^= parts[i].part;
  if (self->parts == 0)
    self->parts = BOBBIN_SEARCH_ALL;

  update_actions (self);
  changed (self);
}

/* From everything to one thing is the usual wish. */
static void
only_cb (GSimpleAction       *action,
         GVariant            *value,
         BobbinSearchFilters *self)
{
  self->parts = BOBBIN_SEARCH_ALL;
  update_actions (self);
  changed (self);
}

static void
add_choice (GMenu      *menu,
            const char *label,
            const char *action,
            GVariant   *value)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, value);
  g_menu_append_item (menu, item);
}

/* A name is no mnemonic. */
static void
add_name (GMenu      *menu,
          const char *name,
          const char *action,
          const char *value)
{
  g_autofree char *clean = bobbin_text_clean_name (name);
  g_autoptr(GString) label = g_string_new (clean);

  g_string_replace (label, "_", "__", 0);
  add_choice (menu, label->str, action, g_variant_new_string (value));
}

static GMenu *
make_account_menu (BobbinSearchFilters *self)
{
  GListModel *accounts = bobbin_library_get_accounts (self->library);
  GMenu *menu = g_menu_new ();

  add_choice (menu, _("_All Accounts"), "filter.account", g_variant_new_string (""));
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);
      g_autofree char *id = bobbin_id_to_string (bobbin_account_get_id (account));

      add_name (menu, bobbin_account_get_name (account), "filter.account", id);
    }

  return menu;
}

static GMenu *
make_agent_menu (BobbinSearchFilters *self)
{
  GMenu *menu = g_menu_new ();

  add_choice (menu, _("_All Agents"), "filter.agent", g_variant_new_string (""));
  for (guint i = 0; self->agents != NULL && i < self->agents->len; i++)
    {
      BobbinAgent *agent = g_ptr_array_index (self->agents, i);
      const char *id = bobbin_agent_get_agent_id (agent);

      add_name (menu, bobbin_agent_get_name (agent) != NULL ? bobbin_agent_get_name (agent) : id, "filter.agent", id);
    }

  return menu;
}

static GMenu *
make_label_menu (BobbinSearchFilters *self)
{
  GListModel *labels = bobbin_library_get_labels (self->library);
  GMenu *menu = g_menu_new ();

  add_choice (menu, _("Any _Label or None"), "filter.label", g_variant_new_string (""));
  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (labels, i);
      g_autofree char *id = bobbin_id_to_string (bobbin_label_get_id (label));
      g_autofree char *text = bobbin_label_dup_markup (label);
      g_autoptr(GMenuItem) item = g_menu_item_new (text, NULL);

      g_menu_item_set_attribute (item, "use-markup", "s", "yes");
      g_menu_item_set_action_and_target (item, "filter.label", "s", id);
      g_menu_append_item (menu, item);
    }

  return menu;
}

static GMenu *
make_parts_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) each = g_menu_new ();
  g_autoptr(GMenu) all = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *action = g_strconcat ("filter.", parts[i].name, NULL);

      g_menu_append (each, _(parts[i].label), action);
    }
  g_menu_append (all, _("_Everything"), "filter.everything");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (each));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (all));

  return menu;
}

static GMenu *
make_menu (BobbinSearchFilters *self,
           guint                filter)
{
  GMenu *menu;

  switch (filter)
    {
    case FILTER_ACCOUNT:
      return make_account_menu (self);
    case FILTER_AGENT:
      return make_agent_menu (self);
    case FILTER_LABEL:
      return make_label_menu (self);
    case FILTER_PARTS:
      return make_parts_menu ();
    default:
      break;
    }

  menu = g_menu_new ();
  for (guint i = 0; filter == FILTER_ROLE && i < G_N_ELEMENTS (roles); i++)
    add_choice (menu, g_dpgettext2 (NULL, "search", roles[i].label), "filter.role", g_variant_new_int32 ((gint32) roles[i].roles));
  for (guint i = 0; filter == FILTER_DATE && i < G_N_ELEMENTS (dates); i++)
    add_choice (menu, _(dates[i].label), "filter.date", g_variant_new_int32 (dates[i].days));

  return menu;
}

static void
popup_cb (GtkMenuButton *button,
          gpointer       user_data)
{
  BobbinSearchFilters *self = BOBBIN_SEARCH_FILTERS (gtk_widget_get_parent (GTK_WIDGET (button)));
  g_autoptr(GMenu) menu = make_menu (self, GPOINTER_TO_UINT (user_data));

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
files_cb (GtkToggleButton     *button,
          GParamSpec          *pspec,
          BobbinSearchFilters *self)
{
  if (self->with_files == gtk_toggle_button_get_active (button))
    return;

  self->with_files = gtk_toggle_button_get_active (button);
  changed (self);
}

static void
clear_cb (BobbinSearchFilters *self)
{
  GtkWidget *first = self->buttons[FILTER_ROLE];

  bobbin_search_filters_reset (self);
  /* The button is gone: the keyboard stays in the row. */
  gtk_widget_grab_focus (first);
}

/* Both lists keep what they say of an agent; the same one may be of several accounts. */
static void
agents_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinSearchFilters) self = BOBBIN_SEARCH_FILTERS (user_data);
  g_autoptr(GPtrArray) agents = bobbin_store_list_agents_finish (BOBBIN_STORE (source), result, NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (agents == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  g_clear_pointer (&self->agents, g_ptr_array_unref);
  self->agents = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < agents->len; i++)
    if (g_hash_table_add (seen, (gpointer) bobbin_agent_get_agent_id (g_ptr_array_index (agents, i))))
      g_ptr_array_add (self->agents, g_object_ref (g_ptr_array_index (agents, i)));
  update (self);
}

/* A label that is gone holds nothing back. */
static void
labels_changed_cb (BobbinSearchFilters *self)
{
  if (self->label_id == 0 || bobbin_library_find_label (self->library, self->label_id) != NULL)
    {
      update (self);
      return;
    }

  self->label_id = 0;
  update_actions (self);
  changed (self);
}

static void
map_cb (BobbinSearchFilters *self)
{
  bobbin_store_list_agents_async (bobbin_library_get_store (self->library), 0, self->cancellable, agents_cb, g_object_ref (self));
}

static void
bobbin_search_filters_dispose (GObject *object)
{
  BobbinSearchFilters *self = BOBBIN_SEARCH_FILTERS (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->actions);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_search_filters_parent_class)->dispose (object);
}

static void
bobbin_search_filters_finalize (GObject *object)
{
  BobbinSearchFilters *self = BOBBIN_SEARCH_FILTERS (object);

  g_clear_pointer (&self->agents, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_free (self->agent_id);

  G_OBJECT_CLASS (bobbin_search_filters_parent_class)->finalize (object);
}

static void
bobbin_search_filters_class_init (BobbinSearchFiltersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_search_filters_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_search_filters_finalize;

  changed_signal = g_signal_new ("changed", BOBBIN_TYPE_SEARCH_FILTERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "searchfilters");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bobbin_search_filters_init (BobbinSearchFilters *self)
{
  self->parts = BOBBIN_SEARCH_ALL;
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_layout_manager (GTK_WIDGET (self), bobbin_wrap_layout_new (GAP));
}

static void
add_action (BobbinSearchFilters *self,
            const char          *name,
            const char          *type,
            GVariant            *state,
            GCallback            callback)
{
  g_autoptr(GSimpleAction) action = NULL;

  action = g_simple_action_new_stateful (name, type != NULL ? G_VARIANT_TYPE (type) : NULL, state);
  g_signal_connect_object (action, "change-state", callback, self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
}

static void
make_actions (BobbinSearchFilters *self)
{
  g_autoptr(GSimpleAction) everything = g_simple_action_new ("everything", NULL);

  self->actions = g_simple_action_group_new ();
  add_action (self, "account", "s", g_variant_new_string (""), G_CALLBACK (choose_cb));
  add_action (self, "agent", "s", g_variant_new_string (""), G_CALLBACK (choose_cb));
  add_action (self, "label", "s", g_variant_new_string (""), G_CALLBACK (choose_cb));
  add_action (self, "role", "i", g_variant_new_int32 (0), G_CALLBACK (choose_cb));
  add_action (self, "date", "i", g_variant_new_int32 (0), G_CALLBACK (choose_cb));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    add_action (self, parts[i].name, NULL, g_variant_new_boolean (TRUE), G_CALLBACK (part_cb));
  g_signal_connect_object (everything, "activate", G_CALLBACK (only_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (everything));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "filter", G_ACTION_GROUP (self->actions));
}

GtkWidget *
bobbin_search_filters_new (BobbinLibrary *library)
{
  BobbinSearchFilters *self = g_object_new (BOBBIN_TYPE_SEARCH_FILTERS, NULL);

  self->library = g_object_ref (library);
  make_actions (self);
  for (guint i = 0; i < N_FILTERS; i++)
    {
      self->buttons[i] = g_object_new (GTK_TYPE_MENU_BUTTON, "always-show-arrow", TRUE, "css-classes", (const char *[]) { "filter", NULL }, NULL);
      gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->buttons[i]), popup_cb, GUINT_TO_POINTER (i), NULL);
      gtk_widget_set_parent (self->buttons[i], GTK_WIDGET (self));
    }
  self->files = gtk_toggle_button_new_with_label (_("With Files"));
  gtk_widget_set_tooltip_text (self->files, _("Only Messages with a File or an Image"));
  gtk_widget_add_css_class (self->files, "filter");
  g_signal_connect (self->files, "notify::active", G_CALLBACK (files_cb), self);
  gtk_widget_set_parent (self->files, GTK_WIDGET (self));
  self->clear = gtk_button_new_with_label (_("Clear Filters"));
  gtk_widget_add_css_class (self->clear, "filter");
  gtk_widget_add_css_class (self->clear, "flat");
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  gtk_widget_set_parent (self->clear, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filters"), -1);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect_object (bobbin_library_get_accounts (library), "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_library_get_labels (library), "items-changed", G_CALLBACK (labels_changed_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

void
bobbin_search_filters_fill (BobbinSearchFilters *self,
                            BobbinSearchQuery   *query)
{
  g_return_if_fail (BOBBIN_IS_SEARCH_FILTERS (self));

  query->parts = self->parts;
  query->account_id = self->account_id;
  query->label_id = self->label_id;
  query->agent = self->agent_id;
  query->roles = self->roles;
  query->with_files = self->with_files;
  if (self->days == DAYS_CHOSEN)
    {
      query->from_us = self->first_us;
      query->until_us = self->last_us != 0 ? bobbin_time_day_start (self->last_us, 1) : 0;
    }
  else if (self->days != 0)
    query->from_us = bobbin_time_day_start (bobbin_clock_now_us (bobbin_library_get_clock (self->library)), 1 - self->days);
}

void
bobbin_search_filters_set_account (BobbinSearchFilters *self,
                                   gint64               account_id)
{
  g_return_if_fail (BOBBIN_IS_SEARCH_FILTERS (self));

  if (self->account_id == account_id)
    return;

  self->account_id = account_id;
  update_actions (self);
  changed (self);
}

gboolean
bobbin_search_filters_is_active (BobbinSearchFilters *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_FILTERS (self), FALSE);

  return self->agent_id != NULL || self->label_id != 0 || self->roles != 0 || self->days != 0 || self->with_files || self->parts != BOBBIN_SEARCH_ALL;
}

void
bobbin_search_filters_reset (BobbinSearchFilters *self)
{
  g_return_if_fail (BOBBIN_IS_SEARCH_FILTERS (self));

  if (!bobbin_search_filters_is_active (self) && self->account_id == 0)
    return;

  g_clear_pointer (&self->agent_id, g_free);
  self->account_id = 0;
  self->label_id = 0;
  self->roles = 0;
  self->days = 0;
  self->first_us = 0;
  self->last_us = 0;
  self->parts = BOBBIN_SEARCH_ALL;
  self->with_files = FALSE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->files), FALSE);
  update_actions (self);
  changed (self);
}
