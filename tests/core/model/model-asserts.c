#include "model-asserts.h"

static void
increase (guint *count)
{
  ++*count;
}

void
count_signal (gpointer    object,
              const char *signal,
              guint      *count)
{
  g_signal_connect_swapped (object, signal, G_CALLBACK (increase), count);
}

/* Another value than the one in @value. */
static void
change (GValue     *value,
        GParamSpec *pspec)
{
  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, "{\"changed\":\"yes\"}");
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, !g_value_get_boolean (value));
  else if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, g_value_get_int (value) + 1);
  else if (G_VALUE_HOLDS_INT64 (value))
    g_value_set_int64 (value, g_value_get_int64 (value) + 1);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, g_value_get_double (value) + 0.5);
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, g_value_get_enum (value) + 1);
  else
    g_error ("%s: no other value of type %s known", pspec->name, G_VALUE_TYPE_NAME (value));
}

static void
assert_property_notifies_once (GObject    *object,
                               GParamSpec *pspec)
{
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) back = G_VALUE_INIT;
  g_autofree char *signal = g_strconcat ("notify::", pspec->name, NULL);
  guint notified = 0;
  gulong id = g_signal_connect_swapped (object, signal, G_CALLBACK (increase), &notified);

  g_value_init (&value, pspec->value_type);
  g_value_init (&back, pspec->value_type);
  g_object_get_property (object, pspec->name, &value);
  g_object_set_property (object, pspec->name, &value);
  g_assert_cmpuint (notified, ==, 0);
  change (&value, pspec);
  g_object_set_property (object, pspec->name, &value);
  g_assert_cmpuint (notified, ==, 1);
  g_object_set_property (object, pspec->name, &value);
  g_assert_cmpuint (notified, ==, 1);
  g_object_get_property (object, pspec->name, &back);
  g_assert_cmpint (g_param_values_cmp (pspec, &value, &back), ==, 0);
  g_signal_handler_disconnect (object, id);
}

void
assert_notifies_once (GObject *object)
{
  guint n_specs;
  g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n_specs);

  for (guint i = 0; i < n_specs; i++)
    {
      g_test_message ("%s:%s", G_OBJECT_TYPE_NAME (object), specs[i]->name);
      if (specs[i]->flags & G_PARAM_WRITABLE && !(specs[i]->flags & G_PARAM_CONSTRUCT_ONLY) &&
          !G_IS_PARAM_SPEC_OBJECT (specs[i]) && !G_IS_PARAM_SPEC_BOXED (specs[i]))
        assert_property_notifies_once (object, specs[i]);
    }
}

void
assert_nicks (int      n_values,
              GetNick  get_nick,
              FromNick from_nick)
{
  static const char *const strange[] = { NULL, "", "no-such-nick", "TEXT", "text " };

  for (int i = 0; i < n_values; i++)
    {
      int back = -1;

      g_assert_true (from_nick (get_nick (i), &back));
      g_assert_cmpint (back, ==, i);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      int back = -7;

      g_assert_false (from_nick (strange[i], &back));
      g_assert_cmpint (back, ==, -7);
    }
}
