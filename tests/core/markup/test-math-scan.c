#include "config.h"

#include "markup/bobbin-math-scan.h"

#include <string.h>
#include <time.h>

/* The text with each formula as ⟨tex⟩ or, displayed, ⟪tex⟫. */
static char *
marked (const char *text,
        gsize       length,
        gboolean    final,
        gsize      *ret_settled)
{
  g_autoptr(GArray) spans = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
  GString *out = g_string_new (NULL);
  gsize settled = bobbin_math_scan (text, 0, length, final, spans);
  gsize at = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const BobbinMathSpan *span = &g_array_index (spans, BobbinMathSpan, i);
      g_autofree char *tex = bobbin_math_span_dup_tex (text, span);

      g_assert_cmpuint (at, <=, span->start);
      g_assert_cmpuint (span->start, <=, span->tex_start);
      g_assert_cmpuint (span->tex_start, <, span->tex_end);
      g_assert_cmpuint (span->tex_end, <=, span->end);
      g_assert_cmpuint (span->end, <=, length);
      g_string_append_len (out, text + at, (gssize) (span->start - at));
      g_string_append_printf (out, span->display ? "⟪%s⟫" : "⟨%s⟩", tex);
      at = span->end;
    }
  g_string_append_len (out, text + at, (gssize) (length - at));
  g_assert_cmpuint (settled, <=, length);
  if (ret_settled != NULL)
    *ret_settled = settled;

  return g_string_free (out, FALSE);
}

static const struct { const char *text; const char *expected; } cases[] = {
  /* delimiters */
  { "so $x^2$ is", "so ⟨x^2⟩ is" },
  { "so \\(x^2\\) is", "so ⟨x^2⟩ is" },
  { "so \\( x^2 \\) is", "so ⟨ x^2 ⟩ is" },
  { "$$x^2$$", "⟪x^2⟫" },
  { "$$\nx^2\n$$\n", "⟪\nx^2\n⟫\n" },
  { "\\[\nx^2\n\\]", "⟪\nx^2\n⟫" },
  { "so \\[ x = 1 \\] holds", "so ⟪ x = 1 ⟫ holds" },
  { "with $`a_b`$ ticks", "with ⟨a_b⟩ ticks" },
  { "$a$, $b$ and ($c$).", "⟨a⟩, ⟨b⟩ and (⟨c⟩)." },
  { "$a$$b$", "⟨a⟩⟨b⟩" },
  { "*$x$* _$y$_ **$z$**", "*⟨x⟩* _⟨y⟩_ **⟨z⟩**" },
  { "函数$f(x)$是连续的", "函数⟨f(x)⟩是连续的" },
  { "$a\n+ b\n= c$", "$a\n+ b\n= c$" },                     /* an item begins there */
  { "$a\n= c$", "⟨a\n= c⟩" },
  { "$$\na\n- b\n+ c\n$$", "⟪\na\n- b\n+ c\n⟫" },           /* but not in a display */
  { "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", "⟪\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}⟫" },
  { "\\begin{document}x\\end{document}", "\\begin{document}x\\end{document}" },
  { "\\begin{align}a\\end{gather}", "\\begin{align}a\\end{gather}" },
  { "$\\$5 + x$", "⟨\\$5 + x⟩" },
  { "$x \\text{ if $y$ holds}$ then", "⟨x \\text{ if $y$ holds}⟩ then" },
  { "$$x \\mbox{ if $y$}$$", "⟪x \\mbox{ if $y$}⟫" },
  { "$$a { $ } b$$", "⟪a { $ } b⟫" },
  { "\\[a \\\\[2pt] b\\]", "⟪a \\\\[2pt] b⟫" },
  { "the $n$th and $i$-th, two $x$s", "the ⟨n⟩th and ⟨i⟩-th, two ⟨x⟩s" },
  { "das $n$te, die $k$ten", "das ⟨n⟩te, die ⟨k⟩ten" },
  { "[$x$](http://example.org/$a$) $y$", "[⟨x⟩](http://example.org/$a$) ⟨y⟩" },
  { "| $a|b$ | $c$ |", "| ⟨a|b⟩ | ⟨c⟩ |" },
  { "$5x + 3$", "⟨5x + 3⟩" },
  { "$2 \\cos x$ and $2 ab$", "⟨2 \\cos x⟩ and ⟨2 ab⟩" },
  { "\\[x\\]", "⟪x⟫" },
  { "a\n\\[x\\]\nb", "a\n⟪x⟫\nb" },

  /* money */
  { "$5", "$5" },
  { "It costs $5 and $x$ is free", "It costs $5 and ⟨x⟩ is free" },
  { "US$ 3 and $4", "US$ 3 and $4" },
  { "between $3-$4 or $5–$6", "between $3-$4 or $5–$6" },
  { "$1,000.00/$2,000.00", "$1,000.00/$2,000.00" },
  { "20$-30$", "20$-30$" },
  { "cake $4, US$ 7 in all", "cake $4, US$ 7 in all" },
  { "$2 A$ and $2 A$", "⟨2 A⟩ and ⟨2 A⟩" },
  { "$20 for you, 30$ for me", "$20 for you, 30$ for me" },
  { "A$5, C$6, HK$7$", "A$5, C$6, HK$7$" },
  { "$5M and $6M, ($7)", "$5M and $6M, ($7)" },
  { "\\$5 and \\$6", "\\$5 and \\$6" },
  { "| $5 | $6 |", "| $5 | $6 |" },
  { "- tea $5\n- cake $6", "- tea $5\n- cake $6" },
  { "- a $x\n- b y$ c", "- a $x\n- b y$ c" },
  { "cheap $$, dear $$$", "cheap $$, dear $$$" },
  { "$$ - $$$", "$$ - $$$" },
  { "from $$ up to $$ then", "from $$ up to $$ then" },
  { "I have $a lot of money$", "I have $a lot of money$" },

  /* shell */
  { "set $HOME/$x", "set $HOME/$x" },
  { "$PATH:$HOME/bin", "$PATH:$HOME/bin" },
  { "$FOO and $BAR", "$FOO and $BAR" },
  { "${A}${B}", "${A}${B}" },
  { "$(a)$(b)", "$(a)$(b)" },
  { "say $a$b$c", "say $a$b$c" },
  { "$A=\"$B\"", "$A=\"$B\"" },

  /* code and addresses */
  { "`$x$` and $y$", "`$x$` and ⟨y⟩" },
  { "``a ` $x$`` $y$", "``a ` $x$`` ⟨y⟩" },
  { "a ` b $x$", "a ` b ⟨x⟩" },
  { "a ` b\n\n$x$ ` c", "a ` b\n\n⟨x⟩ ` c" },
  { "$a `b$ c` d", "$a `b$ c` d" },
  { "```\n$x$\n```\n$y$", "```\n$x$\n```\n⟨y⟩" },
  { "~~~sh\n$x$\n\n$y$\n~~~~\n$z$", "~~~sh\n$x$\n\n$y$\n~~~~\n⟨z⟩" },
  { "````\n```\n$x$\n````\n$y$", "````\n```\n$x$\n````\n⟨y⟩" },
  { "```\n$x$", "```\n$x$" },
  { "- ```\n  $x$\n  ```\n  $y$", "- ```\n  $x$\n  ```\n  ⟨y⟩" },
  { "- ```\n  $x$\n\n$y$", "- ```\n  $x$\n\n⟨y⟩" },
  { "> ```\n> $x$\n\n$y$", "> ```\n> $x$\n\n⟨y⟩" },
  { "    $x$\n\n    $y$\n\n$z$", "    $x$\n\n    $y$\n\n⟨z⟩" },
  { "a\n    $x$", "a\n    ⟨x⟩" },
  { "10. a\n\n    $x$\n\n        $y$", "10. a\n\n    ⟨x⟩\n\n        $y$" },
  { "a:\n1. b\n   - c\n\n     $x$\n\nd", "a:\n1. b\n   - c\n\n     ⟨x⟩\n\nd" },
  { "http://example.org/?a=$b$&c $x$", "http://example.org/?a=$b$&c ⟨x⟩" },
  { "<https://example.org/$a$> $x$", "<https://example.org/$a$> ⟨x⟩" },

  /* what is not one */
  { "$ x$ and $x $", "$ x$ and $x $" },
  { "$x\n\ny$", "$x\n\ny$" },
  { "$$x\n\ny$$", "$$x\n\ny$$" },
  { "$$$$ $$ $$", "$$$$ $$ $$" },
  { "$a\nb\nc\nd\ne$", "$a\nb\nc\nd\ne$" },
  { "\\(\\) \\[\\]", "\\(\\) \\[\\]" },
  { "\\\\(x\\\\)", "\\\\(x\\\\)" },
  { "see \\[1\\] and \\[2, 3\\]", "see \\[1\\] and \\[2, 3\\]" },
  { "- \\[x\\] done\n- \\[ \\] open", "- \\[x\\] done\n- \\[ \\] open" },
  { "\\(a \\(b\\)", "\\(a ⟨b⟩" },
  { "$x", "$x" },
  { "\\", "\\" },
  { "# $x$\nb$", "# ⟨x⟩\nb$" },

  /* quotes */
  { "> $$\n> a\n> > b\n> $$\n> c", "> ⟪\na\n> b\n⟫\n> c" },
  { "> so $x$\n>\n> $y\n> = z$", "> so ⟨x⟩\n>\n> ⟨y\n= z⟩" },
  { "- \\[\n  a\n  \\]", "- ⟪\na\n⟫" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize settled = 0;
      g_autofree char *out = marked (cases[i].text, strlen (cases[i].text), TRUE, &settled);

      g_assert_cmpstr (out, ==, cases[i].expected);
      g_assert_cmpuint (settled, ==, strlen (cases[i].text));
    }
}

static gboolean
same_span (const BobbinMathSpan *a,
           const BobbinMathSpan *b)
{
  return a->start == b->start && a->end == b->end && a->tex_start == b->tex_start && a->tex_end == b->tex_end &&
         a->display == b->display;
}

/* What is found in a prefix is found in the whole, and all that begins before the settled offset is found. */
static void
assert_prefixes (const char *text)
{
  gsize length = strlen (text);
  g_autoptr(GArray) whole = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));

  bobbin_math_scan (text, 0, length, TRUE, whole);
  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autoptr(GArray) spans = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
      g_autofree char *prefix = g_strndup (text, cut); /* so that reading beyond it is seen */
      gsize settled = bobbin_math_scan (prefix, 0, cut, FALSE, spans);

      g_assert_cmpuint (spans->len, <=, whole->len);
      for (guint i = 0; i < spans->len; i++)
        if (!same_span (&g_array_index (spans, BobbinMathSpan, i), &g_array_index (whole, BobbinMathSpan, i)))
          g_error ("“%s” finds another formula than “%s”", prefix, text);
      if (spans->len < whole->len && g_array_index (whole, BobbinMathSpan, spans->len).start < settled)
        g_error ("“%s” is not settled at %" G_GSIZE_FORMAT ": “%s”", prefix, settled, text);
    }
}

static void
test_prefixes (void)
{
  GString *all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_prefixes (cases[i].text);
      g_string_append_printf (all, "%s\n\n", cases[i].text);
    }
  assert_prefixes (all->str);
  g_string_free (all, TRUE);
}

/* Pieces of Markdown and TeX in any order: what holds for the table holds for what nobody thought of. */
static void
test_random (void)
{
  static const char *const pieces[] = {
    "$", "$$", "$$", "\\(", "\\)", "\\[", "\\]", "`", "``", "```", "~~~", "\n", "\n\n", " ", "x", "5", "a b", "- ", "1. ", "> ", "# ", "|", "    ",
    "\\text{", "{", "}", "\\", "](", ")", "://", "\\begin{align}", "\\end{align}", "é", "\t", "<", ".", "th", "_", "^2",
  };

  for (guint round = 0; round < 1500; round++)
    {
      GString *text = g_string_new (NULL);
      guint n = (guint) g_test_rand_int_range (0, 24);

      for (guint i = 0; i < n; i++)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      assert_prefixes (text->str);
      g_string_free (text, TRUE);
    }
}

/* Text so far: money in a paragraph that grows must not hold up what follows it. */
static void
test_settles (void)
{
  static const struct { const char *text; gsize settled; } unsettled[] = {
    { "It costs $5 and more", 20 },
    { "let $x", 4 },
    { "let $x$", 4 }, /* a digit may follow */
    { "let $x$ ", 8 },
    { "$$\na\n- b", 0 },
    { "a `b $c$", 2 },
    { "a `b\n\n$c$ ", 10 },
    { "```\n$x", 6 },
    { "a $ b", 5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (unsettled); i++)
    {
      g_autoptr(GArray) spans = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
      gsize length = strlen (unsettled[i].text);

      g_assert_cmpuint (bobbin_math_scan (unsettled[i].text, 0, length, FALSE, spans), ==, unsettled[i].settled);
    }
}

static void
test_long (void)
{
  GString *text = g_string_new ("$");

  for (guint i = 0; i < BOBBIN_MATH_INLINE_MAX; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "$ $y$");
  {
    g_autofree char *out = marked (text->str, text->len, TRUE, NULL);

    g_assert_true (g_str_has_suffix (out, "$ ⟨y⟩"));
    g_assert_true (g_str_has_prefix (out, "$x"));
  }
  g_string_free (text, TRUE);
}

/* CPU time that @unit over and over takes, in both ways. */
static double
measure (const char *unit,
         gsize       length)
{
  gsize times = length / strlen (unit);
  g_autofree char *text = g_malloc (times * strlen (unit) + 1);
  g_autoptr(GArray) spans = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
  clock_t began;

  for (gsize k = 0; k < times; k++)
    memcpy (text + k * strlen (unit), unit, strlen (unit));
  text[times * strlen (unit)] = '\0';
  began = clock ();
  bobbin_math_scan (text, 0, times * strlen (unit), TRUE, spans);
  bobbin_math_scan (text, 0, times * strlen (unit), FALSE, spans);

  return (double) (clock () - began) / CLOCKS_PER_SEC;
}

/* What makes a careless scanner look ahead again and again: sixteen times the text takes sixteen times the time, not 256. */
static void
test_linear (void)
{
  static const char *const units[] = {
    "$", "$a ", "$$a ", "$$", "\\(", "\\[a", "`", "`` ` ", "$\\text{", "$$\\text{$", "\\begin{align}", "](", "- $a\n", "> ", "$`a ", "\n$a",
    "\\[a\\]        ", "://", "\\", "$5 ", "```\n", "|$a\n", "1. `\n", "  ", "$$\n", "$$a\n- b\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      double some = MAX (measure (units[i], 1 << 16), measure (units[i], 1 << 16));
      double all = MIN (measure (units[i], 1 << 20), measure (units[i], 1 << 20));

      g_test_message ("%s: %.4f s, %.4f s", units[i], some, all);
      g_assert_cmpfloat (all, <, 64 * MAX (some, 0.0005));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/math-scan/table", test_table);
  g_test_add_func ("/math-scan/prefixes", test_prefixes);
  g_test_add_func ("/math-scan/random", test_random);
  g_test_add_func ("/math-scan/settles", test_settles);
  g_test_add_func ("/math-scan/long", test_long);
  g_test_add_func ("/math-scan/linear", test_linear);

  return g_test_run ();
}
