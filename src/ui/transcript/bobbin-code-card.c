#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-code-card.h"

#include <glib/gi18n.h>

#define CONFIRM_SECONDS 2

struct _BobbinCodeCard
{
  GtkWidget  parent_instance;
  /* template children */
  GtkWidget *head;
  GtkLabel  *language_label;
  GtkButton *copy_button;
  GtkWidget *wrap_button;
  /* owned */
  char      *language;
  guint      confirm_id;
  guint      n_lines;
  gboolean   wrap;
};

enum { PROP_WRAP = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinCodeCard, bobbin_code_card, GTK_TYPE_WIDGET)

static const struct { const char *id; const char *name; const char *suffix; } languages[] = {
  { "bash", "Shell", "sh" }, { "c", "C", "c" }, { "c++", "C++", "cpp" }, { "cpp", "C++", "cpp" },
  { "cs", "C#", "cs" }, { "csharp", "C#", "cs" }, { "css", "CSS", "css" }, { "csv", "CSV", "csv" },
  { "diff", "Diff", "diff" }, { "dockerfile", "Dockerfile", "dockerfile" }, { "go", "Go", "go" },
  { "html", "HTML", "html" }, { "ini", "INI", "ini" }, { "java", "Java", "java" },
  { "javascript", "JavaScript", "js" }, { "js", "JavaScript", "js" }, { "json", "JSON", "json" },
  { "jsx", "JSX", "jsx" }, { "kotlin", "Kotlin", "kt" }, { "latex", "LaTeX", "tex" }, { "lua", "Lua", "lua" },
  { "make", "Makefile", "mk" }, { "makefile", "Makefile", "mk" }, { "markdown", "Markdown", "md" },
  { "md", "Markdown", "md" }, { "meson", "Meson", "build" }, { "perl", "Perl", "pl" }, { "php", "PHP", "php" },
  { "powershell", "PowerShell", "ps1" }, { "py", "Python", "py" }, { "python", "Python", "py" },
  { "python3", "Python", "py" }, { "r", "R", "r" }, { "rb", "Ruby", "rb" }, { "rs", "Rust", "rs" },
  { "ruby", "Ruby", "rb" }, { "rust", "Rust", "rs" }, { "scala", "Scala", "scala" }, { "sh", "Shell", "sh" },
  { "shell", "Shell", "sh" }, { "sql", "SQL", "sql" }, { "swift", "Swift", "swift" }, { "tex", "TeX", "tex" },
  { "toml", "TOML", "toml" }, { "ts", "TypeScript", "ts" }, { "tsx", "TSX", "tsx" },
  { "typescript", "TypeScript", "ts" }, { "vala", "Vala", "vala" }, { "xml", "XML", "xml" },
  { "yaml", "YAML", "yaml" }, { "yml", "YAML", "yaml" }, { "zsh", "Shell", "sh" },
};

const char *
bobbin_code_card_language_name (const char *language)
{
  if (language == NULL || *language == '\0')
    return C_("label of code without a language", "Code");

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_ascii_strcasecmp (languages[i].id, language) == 0)
      return languages[i].name;

  return language;
}

char *
bobbin_code_card_dup_file_name (const char *language)
{
  for (guint i = 0; language != NULL && i < G_N_ELEMENTS (languages); i++)
    if (g_ascii_strcasecmp (languages[i].id, language) == 0)
      return g_strconcat (_("code"), ".", languages[i].suffix, NULL);

  return g_strconcat (_("code"), ".txt", NULL);
}

static void
copy_clicked_cb (BobbinCodeCard *self)
{
  g_signal_emit_by_name (self, "copy");
}

static void
save_clicked_cb (BobbinCodeCard *self)
{
  g_signal_emit_by_name (self, "save");
}

static void
bobbin_code_card_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  g_value_set_boolean (value, BOBBIN_CODE_CARD (object)->wrap);
}

static void
bobbin_code_card_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (object), g_value_get_boolean (value));
}

static gboolean
confirm_over_cb (gpointer user_data)
{
  BobbinCodeCard *self = user_data;

  self->confirm_id = 0;
  gtk_button_set_icon_name (self->copy_button, "bobbin-copy-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), _("Copy Code"));

  return G_SOURCE_REMOVE;
}

void
bobbin_code_card_confirm (BobbinCodeCard *self)
{
  g_return_if_fail (BOBBIN_IS_CODE_CARD (self));

  g_clear_handle_id (&self->confirm_id, g_source_remove);
  self->confirm_id = g_timeout_add_seconds (CONFIRM_SECONDS, confirm_over_cb, self);
  gtk_button_set_icon_name (self->copy_button, "bobbin-check-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), _("Copied"));
}

void
bobbin_code_card_set_n_lines (BobbinCodeCard *self,
                              guint           n_lines)
{
  g_autofree char *label = NULL;

  g_return_if_fail (BOBBIN_IS_CODE_CARD (self));

  if (self->n_lines == n_lines)
    return;

  self->n_lines = n_lines;
  if (self->language != NULL)
    label = g_strdup_printf (ngettext ("Code, %1$s, %2$u line", "Code, %1$s, %2$u lines", n_lines),
                             bobbin_code_card_language_name (self->language), n_lines);
  else
    label = g_strdup_printf (ngettext ("Code, %u line", "Code, %u lines", n_lines), n_lines);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
bobbin_code_card_dispose (GObject *object)
{
  BobbinCodeCard *self = BOBBIN_CODE_CARD (object);

  g_clear_handle_id (&self->confirm_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_CODE_CARD);

  G_OBJECT_CLASS (bobbin_code_card_parent_class)->dispose (object);
}

static void
bobbin_code_card_finalize (GObject *object)
{
  BobbinCodeCard *self = BOBBIN_CODE_CARD (object);

  g_free (self->language);

  G_OBJECT_CLASS (bobbin_code_card_parent_class)->finalize (object);
}

static void
bobbin_code_card_class_init (BobbinCodeCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_code_card_dispose;
  object_class->finalize = bobbin_code_card_finalize;
  object_class->get_property = bobbin_code_card_get_property;
  object_class->set_property = bobbin_code_card_set_property;
  props[PROP_WRAP] = g_param_spec_boolean ("wrap", NULL, NULL, TRUE,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "codecard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-code-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinCodeCard, head);
  gtk_widget_class_bind_template_child (widget_class, BobbinCodeCard, language_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinCodeCard, copy_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinCodeCard, wrap_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);

  g_signal_new ("copy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("save", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_code_card_init (BobbinCodeCard *self)
{
  self->wrap = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bobbin_code_card_new (const char *language)
{
  BobbinCodeCard *self = g_object_new (BOBBIN_TYPE_CODE_CARD, NULL);

  bobbin_code_card_set_language (self, language);

  return GTK_WIDGET (self);
}

void
bobbin_code_card_set_language (BobbinCodeCard *self,
                               const char     *language)
{
  g_return_if_fail (BOBBIN_IS_CODE_CARD (self));

  if (self->confirm_id != 0)
    {
      g_clear_handle_id (&self->confirm_id, g_source_remove);
      confirm_over_cb (self);
    }
  self->n_lines = 0;
  if (self->language == NULL || g_strcmp0 (self->language, language) != 0)
    gtk_label_set_label (self->language_label, bobbin_code_card_language_name (language));
  g_free (self->language);
  self->language = g_strdup (language);
}

void
bobbin_code_card_set_can_wrap (BobbinCodeCard *self,
                               gboolean        can_wrap)
{
  g_return_if_fail (BOBBIN_IS_CODE_CARD (self));

  gtk_widget_set_visible (self->wrap_button, can_wrap);
}

gboolean
bobbin_code_card_get_wrap (BobbinCodeCard *self)
{
  g_return_val_if_fail (BOBBIN_IS_CODE_CARD (self), TRUE);

  return self->wrap;
}

void
bobbin_code_card_set_wrap (BobbinCodeCard *self,
                           gboolean        wrap)
{
  g_return_if_fail (BOBBIN_IS_CODE_CARD (self));

  if (self->wrap == wrap)
    return;

  self->wrap = wrap;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WRAP]);
}

const char *
bobbin_code_card_get_language (BobbinCodeCard *self)
{
  g_return_val_if_fail (BOBBIN_IS_CODE_CARD (self), NULL);

  return self->language;
}
