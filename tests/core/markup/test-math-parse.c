#include "config.h"

#include "markup/bobbin-math-symbols.h"
#include "markup/bobbin-math-tree.h"

#include <string.h>

static void dump (GString *out, const BobbinMathNode *node);

static void
dump_slots (GString              *out,
            const char           *name,
            const BobbinMathNode *node)
{
  const BobbinMathNode *slots[] = { node->a, node->b, node->c };

  g_string_append_printf (out, "(%s", name);
  if (node->open != NULL || node->close != NULL)
    g_string_append_printf (out, " “%s” “%s”", node->open, node->close);
  if (node->text != NULL)
    g_string_append_printf (out, " %s", node->text);
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    if (slots[i] != NULL)
      {
        g_string_append_c (out, ' ');
        dump (out, slots[i]);
      }
    else if (i < 2 && slots[i + 1] != NULL)
      {
        g_string_append (out, " -");
      }
  for (const BobbinMathNode *child = node->first; child != NULL; child = child->next)
    {
      g_string_append_c (out, ' ');
      dump (out, child);
    }
  g_string_append_c (out, ')');
}

static const char *
name_of (const BobbinMathNode *node)
{
  static const char *const tables[] = { "matrix", "small", "cases", "aligned", "gathered", "substack" };
  gboolean under = (node->flags & BOBBIN_MATH_FLAG_UNDER) != 0;

  switch (node->kind)
    {
    case BOBBIN_MATH_FRACTION:
      return (node->flags & BOBBIN_MATH_FLAG_NO_RULE) != 0 ? "atop" : "frac";
    case BOBBIN_MATH_RADICAL:
      return "root";
    case BOBBIN_MATH_SCRIPTS:
      return (node->flags & BOBBIN_MATH_FLAG_LIMITS) != 0 ? "limits" : "scripts";
    case BOBBIN_MATH_ACCENT:
      return under ? "under" : "over";
    case BOBBIN_MATH_FENCED:
      return "fenced";
    case BOBBIN_MATH_DELIMITER:
      return "big";
    case BOBBIN_MATH_TABLE:
      return tables[node->table];
    case BOBBIN_MATH_ARROW:
      return "arrow";
    case BOBBIN_MATH_STYLE:
      return node->amount == 0 ? "display" : node->amount == 1 ? "textstyle" : "script";
    case BOBBIN_MATH_COLOR:
      return "color";
    case BOBBIN_MATH_PHANTOM:
      return "phantom";
    case BOBBIN_MATH_BOXED:
      return "boxed";
    case BOBBIN_MATH_STRUCK:
      return "struck";
    case BOBBIN_MATH_ROW:
    case BOBBIN_MATH_SYMBOL:
    case BOBBIN_MATH_WORDS:
    case BOBBIN_MATH_SOURCE:
    case BOBBIN_MATH_SPACE:
    default:
      return node->atom == BOBBIN_MATH_OP ? "op" : "row";
    }
}

static void
dump (GString              *out,
      const BobbinMathNode *node)
{
  static const char *const atoms[] = { "", "op", "bin", "rel", "open", "close", "punct", "inner" };

  switch ((int) node->kind)
    {
    case BOBBIN_MATH_SYMBOL:
      g_string_append_printf (out, "%s%s%s%s", atoms[node->atom], node->atom != BOBBIN_MATH_ORD ? ":" : "",
                              (node->flags & BOBBIN_MATH_FLAG_NEGATED) != 0 ? "not " : "", node->text);
      break;
    case BOBBIN_MATH_WORDS:
      g_string_append_printf (out, "“%s”", node->text);
      break;
    case BOBBIN_MATH_SOURCE:
      g_string_append_printf (out, "?%s", node->text);
      break;
    case BOBBIN_MATH_SPACE:
      g_string_append_printf (out, "%gmu", node->amount);
      break;
    default:
      dump_slots (out, name_of (node), node);
    }
}

/* The tree of @tex, its letters made plain. */
static char *
dump_tex (const char *tex,
          gssize      length)
{
  g_autoptr(BobbinMathTree) tree = bobbin_math_parse (tex, length);
  g_autofree char *text = NULL;
  GString *out = g_string_new (tree->broken ? "broken " : "");

  dump (out, tree->root);
  if (tree->tag != NULL)
    g_string_append_printf (out, " tag %s", tree->tag->text);
  text = g_string_free (out, FALSE);

  return g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
}

static const struct { const char *tex; const char *tree; } cases[] = {
  { "", "(row)" },
  { "x", "(row 𝑥)" },
  { "x + 12.5 = y.", "(row 𝑥 bin:+ 12.5 rel:= 𝑦 .)" },
  { "a-b*c", "(row 𝑎 bin:− 𝑏 bin:∗ 𝑐)" },
  { "h\\hbar", "(row ℎ ℏ)" },
  { "\\frac12", "(row (frac 1 2))" },
  { "\\frac{a+b}{c}", "(row (frac (row 𝑎 bin:+ 𝑏) 𝑐))" },
  { "\\dfrac{1}{2}", "(row (display (frac 1 2)))" },
  { "\\tfrac{1}{2}", "(row (textstyle (frac 1 2)))" },
  { "\\binom nk", "(row (atop “(” “)” 𝑛 𝑘))" },
  { "\\genfrac{(}{]}{0pt}{}{n}{k}", "(row (atop “(” “]” 𝑛 𝑘))" },
  { "\\genfrac{}{}{}{1}ab", "(row (textstyle (frac 𝑎 𝑏)))" },
  { "\\sideset{_a^b}{_c^d}\\sum_{i}^n", "(row (limits (op (row (scripts (row) 𝑎 𝑏)) (scripts op:∑ 𝑐 𝑑)) 𝑖 𝑛))" },
  { "\\sideset{}{'}\\sum_k", "(row (limits (op (row) (scripts op:∑ - ′)) 𝑘))" },
  { "{a \\over b}", "(row (row (frac (row 𝑎) (row 𝑏))))" },
  { "n \\choose k", "(row (atop “(” “)” (row 𝑛) (row 𝑘)))" },
  { "\\sqrt x", "(row (root 𝑥))" },
  { "\\sqrt[3]{x+1}", "(row (root (row 𝑥 bin:+ 1) 3))" },
  { "x^2", "(row (scripts 𝑥 - 2))" },
  { "x_i^2", "(row (scripts 𝑥 𝑖 2))" },
  { "x^2_i", "(row (scripts 𝑥 𝑖 2))" },
  { "x^12", "(row (scripts 𝑥 - 1) 2)" },
  { "12^34", "(row (scripts 12 - 3) 4)" },
  { "x^{10}", "(row (scripts 𝑥 - 10))" },
  { "{}_2 F", "(row (scripts (row) 2) 𝐹)" },
  { "^2", "(row (scripts (row) - 2))" },
  { "x^2^3", "(row (scripts (scripts 𝑥 - 2) - 3))" },
  { "f'", "(row (scripts 𝑓 - ′))" },
  { "f''(x)", "(row (scripts 𝑓 - ″) open:( 𝑥 close:))" },
  { "f'^2_a", "(row (scripts 𝑓 𝑎 (row ′ 2)))" },
  { "\\sum_{i=1}^n i", "(row (limits op:∑ (row 𝑖 rel:= 1) 𝑛) 𝑖)" },
  { "\\int_0^1", "(row (scripts op:∫ 0 1))" },
  { "\\int\\limits_0^1", "(row (limits op:∫ 0 1))" },
  { "\\sum\\nolimits_i", "(row (scripts op:∑ 𝑖))" },
  { "\\lim_{x\\to 0} \\sin x", "(row (limits op:lim (row 𝑥 rel:→ 0)) op:sin 𝑥)" },
  { "\\operatorname{rank} A", "(row op:rank 𝐴)" },
  { "\\operatorname*{argmax}_x f", "(row (limits op:argmax 𝑥) 𝑓)" },
  { "\\hat x \\vec{v} \\overline{ab}", "(row (over ̂ 𝑥) (over ⃗ 𝑣) (over (row 𝑎 𝑏)))" },
  { "\\underbrace{a+b}_{n}", "(row (limits (under ⏟ (row 𝑎 bin:+ 𝑏)) 𝑛))" },
  { "\\alpha\\Gamma\\varepsilon\\partial", "(row 𝛼 Γ 𝜀 𝜕)" },
  { "\\mathbb{R} \\mathcal L \\mathfrak{g} \\mathbf{v}", "(row ℝ ℒ 𝔤 𝐯)" },
  { "\\mathrm{kg} \\mathrm{H_2O}", "(row kg (row (scripts H 2) O))" },
  { "\\boldsymbol{\\alpha x}", "(row (row 𝜶 𝒙))" },
  { "{\\bf x} y", "(row (row (row 𝐱)) 𝑦)" },
  { "\\text{if } x", "(row “if ” 𝑥)" },
  { "\\text{if $x$ or}", "(row (row “if ” (row 𝑥) “ or”))" },
  { "\\text{100\\% of \\{a\\}}", "(row “100% of {a}”)" },
  { "\\left( x \\right)", "(row (fenced “(” “)” (row 𝑥)))" },
  { "\\left. x \\right|_0", "(row (scripts (fenced “” “|” (row 𝑥)) 0))" },
  { "\\left\\{ a \\middle| b \\right\\}", "(row (fenced “{” “}” (row 𝑎) (big |) (row 𝑏)))" },
  { "\\left\\langle a \\right>", "(row (fenced “⟨” “⟩” (row 𝑎)))" },
  { "\\bigl( x \\Bigr]", "(row (big () 𝑥 (big ]))" },
  { "a \\, b \\quad c \\! d ~ e", "(row 𝑎 3mu 𝑏 18mu 𝑐 -3mu 𝑑 6mu 𝑒)" },
  { "a\\hspace{1em}b\\kern2mu c", "(row 𝑎 18mu 𝑏 2mu 𝑐)" },
  { "\\hspace{99999em}", "(row 180mu)" },
  { "\\begin{matrix} a & b \\\\ c & d \\end{matrix}", "(row (matrix (row (row 𝑎) (row 𝑏)) (row (row 𝑐) (row 𝑑))))" },
  { "\\begin{pmatrix} 1 \\\\[2pt] 2 \\\\ \\end{pmatrix}", "(row (matrix “(” “)” (row (row 1)) (row (row 2))))" },
  { "\\begin{cases} 1 & x \\\\ 0 \\end{cases}", "(row (cases “{” “” (row (row 1) (row 𝑥)) (row (row 0))))" },
  { "\\begin{array}{c|c} a & b \\\\ \\hline c & d \\end{array}", "(row (matrix (row (row 𝑎) (row 𝑏)) (row (row 𝑐) (row 𝑑))))" },
  { "\\begin{aligned} a &= b \\end{aligned}", "(row (aligned (row (display (row 𝑎)) (display (row rel:= 𝑏)))))" },
  { "a &= b \\\\ c &= d",
    "(aligned (row (display (row 𝑎)) (display (row rel:= 𝑏))) (row (display (row 𝑐)) (display (row rel:= 𝑑))))" },
  { "a \\\\ b", "(gathered (row (display (row 𝑎))) (row (display (row 𝑏))))" },
  { "\\sum_{\\substack{a \\\\ b}}", "(row (limits op:∑ (row (substack (row (row 𝑎)) (row (row 𝑏))))))" },
  { "\\xrightarrow[a]{b}", "(row (arrow → - 𝑎 𝑏))" },
  { "\\overset{!}{=} \\stackrel{a}{b}", "(row (limits rel:= - (row close:!)) (limits 𝑏 - 𝑎))" },
  { "\\not= \\not\\in \\not\\odot", "(row rel:≠ rel:∉ bin:not ⊙)" },
  { "\\color{red} x", "(row (color (row 𝑥)))" },
  { "\\textcolor{#00f}{x} y", "(row (color 𝑥) 𝑦)" },
  { "\\color{nosuch}{x}", "(row (row (row 𝑥)))" },
  { "\\phantom{x} \\boxed{y} \\cancel{z}", "(row (phantom 𝑥) (boxed 𝑦) (struck 𝑧))" },
  { "a \\pmod n", "(row 𝑎 (row 8mu open:( mod 6mu 𝑛 close:)))" },
  { "1,\\dots,n + \\dots + m", "(row 1 punct:, inner:… punct:, 𝑛 bin:+ inner:⋯ bin:+ 𝑚)" },
  { "x = 1 \\tag{3a}", "(row 𝑥 rel:= 1 (row)) tag (3a)" },
  { "a % a remark\n+ b", "(row 𝑎 bin:+ 𝑏)" },
  { "\\displaystyle \\sum", "(row (display (row op:∑)))" },
  { "\\mathop{X}_a", "(row (limits (op 𝑋) 𝑎))" },
  { "a \\nosuch{b} c", "(row 𝑎 ?\\nosuch 𝑏 𝑐)" },
  { "é ∑ 中", "(row é op:∑ 中)" },
  { "\\$5 \\% \\#", "(row $ 5 % #)" },
  { "\\{a\\}", "(row open:{ 𝑎 close:})" },
  { "f: A \\to B", "(row 𝑓 rel:: 𝐴 rel:→ 𝐵)" },

  /* what cannot be read is the source */
  { "\\frac{a}", "broken ?\\frac{a}" },
  { "{a", "broken ?{a" },
  { "a}", "broken ?a}" },
  { "x^", "broken ?x^" },
  { "\\left( a", "broken ?\\left( a" },
  { "a \\right)", "broken ?a \\right)" },
  { "\\begin{matrix} a", "broken ?\\begin{matrix} a" },
  { "\\begin{matrix} a \\end{pmatrix}", "broken ?\\begin{matrix} a \\end{pmatrix}" },
  { "\\begin{tikzpicture}\\end{tikzpicture}", "broken ?\\begin{tikzpicture}\\end{tikzpicture}" },
  { "\\def\\a{\\a\\a}\\a", "broken ?\\def\\a{\\a\\a}\\a" },
  { "\\newcommand{\\R}{x} \\R", "broken ?\\newcommand{\\R}{x} \\R" },
  { "\\left\\foo a \\right)", "broken ?\\left\\foo a \\right)" },
  { "\\", "(row ?\\)" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tree = dump_tex (cases[i].tex, -1);
      g_autofree char *expected = g_utf8_normalize (cases[i].tree, -1, G_NORMALIZE_NFC);

      g_assert_cmpstr (tree, ==, expected);
    }
}

static const struct { const char *tex; const char *text; } lines[] = {
  { "x^2 + y_1", "x² + y₁" },
  { "gh", "gh" },
  { "\\frac{a+b}{2}", "(a + b)/2" },
  { "\\sqrt[3]{x+1}", "√[3](x + 1)" },
  { "\\sum_{i=1}^{n} i", "∑_(i = 1)^n i" },
  { "\\sin x + \\cos y", "sin x + cos y" },
  { "f'(x) = -1", "f′(x) = −1" },
  { "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "(a, b; c, d)" },
  { "\\hat{x} \\overline{ab}", "x̂a̅b̅" },
  { "A \\xrightarrow{f} B", "A →^f B" },
  { "\\binom{n}{k}", "(n ¦ k)" },
  { "\\genfrac{(}{)}{0pt}{}{n}{k}", "(n ¦ k)" },
  { "\\genfrac{(}{)}", "\\genfrac{(}{)}" },
  { "\\text{so } x \\in \\mathbb{R}", "so x ∈ ℝ" },
  { "\\left\\{ x \\middle| y \\right\\}", "{x|y}" },
  { "x = 1 \\tag{2}", "x = 1 (2)" },
  { "\\frac{a}", "\\frac{a}" },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(BobbinMathTree) tree = bobbin_math_parse (lines[i].tex, -1);
      g_autofree char *text = bobbin_math_tree_dup_text (tree);

      g_assert_cmpstr (text, ==, lines[i].text);
    }
}

static void
test_symbols (void)
{
  const BobbinMathSymbol *symbol;

  for (gsize i = 0; (symbol = _bobbin_math_symbol_nth (i)) != NULL; i++)
    {
      if (i > 0)
        g_assert_cmpint (strcmp (_bobbin_math_symbol_nth (i - 1)->name, symbol->name), <, 0);
      g_assert_true (_bobbin_math_symbol_by_name (symbol->name, strlen (symbol->name)) == symbol);
    }
  g_assert_null (_bobbin_math_symbol_by_name ("alph", 4));
  g_assert_null (_bobbin_math_symbol_by_name ("alphabet", 8));
}

/* Every command of the table is found: a table out of order would leave it as source. */
static void
test_commands (void)
{
  static const char *const names[] = {
    "\\frac ab", "\\sqrt a", "\\hat a", "\\xmapsto a", "\\Big(", "\\!", "\\ ", "\\arccos", "\\xrightarrow a", "\\underbrace a", "\\text{a}",
    "\\limsup", "\\mathbb a", "\\Pr", "\\bmod", "\\boxed a", "\\eqref{a}", "\\vphantom a", "\\xcancel a", "\\widehat a", "\\tfrac ab",
    "\\>", "\\,", "\\;", "\\:", "\\nonumber", "\\Bbb a", "\\ddddot a", "\\biggr)", "\\mathstrut",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *tree = dump_tex (names[i], -1);

      if (strchr (tree, '?') != NULL)
        g_error ("%s is not known: %s", names[i], tree);
    }
}

static void
test_bombs (void)
{
  static const char *const units[] = {
    "{", "\\frac{", "x^", "x^{", "\\hat", "\\sqrt", "\\left(", "\\begin{matrix}", "\\text{$", "\\not", "a_b^c", "&", "\\\\", "'", "\\over ",
    "\\displaystyle", "\\bf", "[", "\\sqrt[", "\\color{red}", "a", "\\middle|", "x^a^", "\\substack{", "\\mathrm{a}", "\\xrightarrow[", "}",
    "\\begin{array}{", "%", "\\limits", "\\kern", "\\hspace{9em}", "\\tag{1}", "\\cfrac[", "^\\frac", "\\right", "\\", "\\mathop",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    for (gsize n = 10; n <= 1000000; n *= 10)
      {
        GString *tex = g_string_new (NULL);

        while (tex->len < n)
          g_string_append (tex, units[i]);
        {
          g_autoptr(BobbinMathTree) tree = bobbin_math_parse (tex->str, (gssize) tex->len);
          g_autofree char *text = bobbin_math_tree_dup_text (tree);

          g_assert_cmpuint (tree->nodes->len, <=, BOBBIN_MATH_NODES_MAX + 256);
          g_assert_true (tree->broken || tex->len <= BOBBIN_MATH_SOURCE_MAX);
          g_assert_cmpuint (strlen (text), <=, 20 * BOBBIN_MATH_SOURCE_MAX);
        }
        g_string_free (tex, TRUE);
      }
}

/* Bytes and pieces of TeX in any order, cut anywhere; the seed is told by the test program. */
static void
test_random (void)
{
  static const char *const pieces[] = {
    "{", "}", "^", "_", "&", "\\\\", "'", "$", "\\frac", "\\sqrt[", "]", "\\left(", "\\right)", "\\begin{cases}", "\\end{cases}", "x", "12", " ",
    "\\text{", "\\hat", "\\sum", "\\limits", "\\over", "\\color{red}", "\\bf", "%", "\n", "\\", "\\tag{", "é", "∑", "\xff", "\\not", "\\substack{",
    "\\begin{array}{c|c}", "\\end{array}", "\\hline", "\\middle", "\\xrightarrow", "\\operatorname*", "\\kern", "-", "9", "\\cfrac", "\\mathrm{", "~",
  };

  for (guint round = 0; round < 4000; round++)
    {
      GString *tex = g_string_new (NULL);
      guint n = (guint) g_test_rand_int_range (0, 40);

      for (guint i = 0; i < n; i++)
        g_string_append (tex, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      {
        /* its own block, so that reading beyond the end is seen */
        g_autofree char *exact = g_memdup2 (tex->str, MAX (tex->len, 1));
        g_autoptr(BobbinMathTree) tree = bobbin_math_parse (exact, (gssize) tex->len);
        g_autofree char *text = bobbin_math_tree_dup_text (tree);

        g_assert_true (g_utf8_validate (text, -1, NULL));
      }
      g_string_free (tex, TRUE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/math-parse/table", test_table);
  g_test_add_func ("/math-parse/text", test_text);
  g_test_add_func ("/math-parse/symbols", test_symbols);
  g_test_add_func ("/math-parse/commands", test_commands);
  g_test_add_func ("/math-parse/bombs", test_bombs);
  g_test_add_func ("/math-parse/random", test_random);

  return g_test_run ();
}
