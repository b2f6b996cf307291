/* math-gallery FILE.png [FAMILY SIZE]: a page of formulas as they are set, at scale 2, for looking at them closely. */
#include "config.h"

#include "ui/transcript/bobbin-math-box.h"

#include <math.h>
#include <stdlib.h>

#define PAGE_WIDTH 1150
#define SCALE      2

static const char *const formulas[] = {
  "x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}",
  "e^{i\\pi} + 1 = 0",
  "\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}",
  "\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}",
  "\\lim_{x \\to 0} \\frac{\\sin x}{x} = 1",
  "\\prod_{p \\text{ prime}} \\frac{1}{1 - p^{-s}} = \\zeta(s)",
  "f(x) = \\begin{cases} x^2 & \\text{if } x \\ge 0 \\\\ -x & \\text{otherwise} \\end{cases}",
  "A = \\begin{pmatrix} a_{11} & a_{12} & \\cdots & a_{1n} \\\\ a_{21} & a_{22} & \\cdots & a_{2n} \\\\ \\vdots & \\vdots & \\ddots & \\vdots \\\\ a_{m1} & a_{m2} & \\cdots & a_{mn} \\end{pmatrix}",
  "\\begin{bmatrix} 1 & 0 \\\\ 0 & 1 \\end{bmatrix} \\begin{vmatrix} a & b \\\\ c & d \\end{vmatrix} = ad - bc",
  "\\begin{aligned} (a+b)^2 &= (a+b)(a+b) \\\\ &= a^2 + 2ab + b^2 \\end{aligned}",
  "\\nabla \\times \\vec{E} = -\\frac{\\partial \\vec{B}}{\\partial t}, \\quad \\nabla \\cdot \\mathbf{D} = \\rho",
  "\\left( \\frac{a}{b} \\right)^n \\left[ \\frac{\\frac{a}{b}}{c} \\right] \\left\\{ \\sum_{k} x_k \\middle| y \\right\\}",
  "\\sqrt[3]{x} + \\sqrt{1+\\sqrt{1+\\sqrt{1+x}}} + \\sqrt{\\frac{a}{b}}",
  "\\hat{x}\\,\\bar{x}\\,\\vec{v}\\,\\tilde{n}\\,\\dot{q}\\,\\ddot{q}\\,\\widehat{xyz}\\,\\overline{AB}\\,\\underline{cd}\\,\\hat{\\imath}\\,\\bar{A}\\,\\vec{F}\\,\\tilde{f}",
  "\\overbrace{a + b + c}^{n \\text{ terms}} + \\underbrace{x + y}_{m}",
  "f'(x), f''(x), x'^2, {f'}_i, \\dot x_0^2",
  "\\alpha\\beta\\gamma\\delta\\epsilon\\varepsilon\\zeta\\eta\\theta\\vartheta\\iota\\kappa\\lambda\\mu\\nu\\xi\\pi\\rho\\sigma\\tau\\upsilon\\phi\\varphi\\chi\\psi\\omega",
  "\\Gamma\\Delta\\Theta\\Lambda\\Xi\\Pi\\Sigma\\Upsilon\\Phi\\Psi\\Omega",
  "\\mathbb{R}^n, \\mathbb{C}, \\mathcal{L}, \\mathcal{H}, \\mathfrak{g}, \\mathbf{x}, \\mathsf{T}, \\mathtt{code}, \\mathrm{d}x, \\boldsymbol{\\beta}",
  "a \\le b \\ne c \\approx d \\equiv e \\sim f \\propto g \\in H \\subseteq J \\cup K \\cap L \\setminus M",
  "\\forall \\varepsilon > 0\\; \\exists \\delta > 0 : |x - a| < \\delta \\implies |f(x) - f(a)| < \\varepsilon",
  "A \\xrightarrow{f} B \\xleftarrow[\\text{under}]{\\text{a long label}} C \\hookrightarrow D \\mapsto E",
  "\\binom{n}{k} = \\frac{n!}{k!(n-k)!}, \\quad \\tbinom{n}{k}",
  "\\oint_{\\partial\\Omega} \\mathbf{F}\\cdot d\\mathbf{r} = \\iint_{\\Omega} (\\nabla\\times\\mathbf{F})\\cdot d\\mathbf{S}",
  "\\int_0^1 \\int\\limits_a^b \\iiint_V f \\, dV",
  "\\bigcup_{i=1}^{\\infty} A_i \\bigcap_{j} B_j \\bigoplus_{k} V_k \\coprod X",
  "\\max_{x \\in X} f(x) \\quad \\operatorname*{arg\\,max}_{\\theta} L(\\theta) \\quad \\limsup_{n\\to\\infty} a_n",
  "1 + \\cfrac{1}{2 + \\cfrac{1}{3 + \\cfrac{1}{4}}}",
  "\\bigl( \\Bigl( \\biggl( \\Biggl( x \\Biggr) \\biggr) \\Bigr) \\bigr)",
  "\\left\\langle \\psi \\middle| \\hat{H} \\middle| \\psi \\right\\rangle \\quad \\left\\lfloor \\frac{x}{2} \\right\\rfloor \\left\\lceil x \\right\\rceil \\left\\| v \\right\\|",
  "\\begin{array}{c|cc} \\times & 1 & 2 \\\\ \\hline 1 & 1 & 2 \\\\ 2 & 2 & 4 \\end{array}",
  "\\sum_{\\substack{1 \\le i \\le n \\\\ i \\text{ odd}}} x_i^2",
  "\\boxed{E = mc^2} \\quad \\cancel{x} \\quad \\color{red} a + \\color{blue} b",
  "x^{y^{z^w}} + a_{i_{j_k}} + x_i^2 + {}_2F_1 + T^{\\mu\\nu}{}_{\\rho}",
  "\\frac{\\partial^2 u}{\\partial t^2} = c^2 \\nabla^2 u",
  "i\\hbar\\frac{\\partial}{\\partial t}\\Psi = \\left[-\\frac{\\hbar^2}{2m}\\nabla^2 + V\\right]\\Psi",
  "P(A \\mid B) = \\frac{P(B \\mid A)\\,P(A)}{P(B)}",
  "\\frac{1}{\\sigma\\sqrt{2\\pi}} e^{-\\frac{1}{2}\\left(\\frac{x-\\mu}{\\sigma}\\right)^2}",
  "\\text{softmax}(z_i) = \\frac{e^{z_i}}{\\sum_{j=1}^{K} e^{z_j}}",
  "\\mathrm{Attention}(Q,K,V) = \\mathrm{softmax}\\left(\\frac{QK^\\top}{\\sqrt{d_k}}\\right)V",
  "a \\equiv b \\pmod{n}, \\quad a \\bmod b",
  "x \\not= y, x \\notin A, \\not\\equiv, \\unknown{x} + 1",
  "\\overset{!}{=} \\underset{x}{\\to} \\stackrel{def}{=} \\overrightarrow{AB} \\overleftarrow{CD}",
  "f(x) = a_0 + \\sum_{n=1}^{\\infty}\\left(a_n\\cos\\frac{n\\pi x}{L} + b_n\\sin\\frac{n\\pi x}{L}\\right)",
  "\\begin{aligned} x + y &= 1 & 2x &= 3 \\\\ 3x - y &= \\frac{1}{2} & y &= 4 \\end{aligned}",
  "E = mc^2 \\tag{1}",
  "H_0: \\mu = 0 \\ \\text{vs.}\\ H_1: \\mu \\neq 0",
  "2\\,\\mathrm{H_2} + \\mathrm{O_2} \\rightarrow 2\\,\\mathrm{H_2O}",
  "\\left.\\frac{df}{dx}\\right|_{x=0} \\quad \\left(\\begin{smallmatrix} a & b \\\\ c & d \\end{smallmatrix}\\right)",
  "\\det\\begin{vmatrix} \\lambda - a & b \\\\ c & \\lambda - d \\end{vmatrix} = 0",
  "fj \\; Wf \\; \\Gamma_f \\; V_2 \\; P^2 \\; T_1^2 \\; A'_{n} \\; f_x^y \\; Y_0 \\; M^2 \\; j^2 \\; d^2",
  "- x + (-y) = +z, \\; a,b;c \\; a!b \\; |x| \\; \\|x\\|",
  "\\ln x \\; \\log_2 n \\; \\sin^2\\theta + \\cos^2\\theta = 1 \\; \\dim V",
  "O(n \\log n) \\le \\Theta(n^2) \\ll \\Omega(2^n)",
  "\\underbrace{\\overbrace{a+b}^{2}+c}_{3} \\; \\widetilde{abc} \\; \\overline{\\overline{x}}",
  "\\left( \\begin{array}{ccc|c} 1 & 2 & 3 & 4 \\\\ 5 & 6 & 7 & 8 \\\\ 9 & 10 & 11 & 12 \\end{array} \\right)",
  "\\sqrt{x}\\sqrt{y}\\sqrt{g}\\sqrt{\\frac12}\\sqrt{\\sum_i x_i^2}",
  "\\frac{a}{b} + \\frac{\\dfrac{a}{b}}{c} + \\frac{1}{1+\\frac{1}{x}}",
  "\\iff \\Leftrightarrow \\longrightarrow \\rightleftharpoons \\uparrow \\Downarrow \\nearrow \\therefore \\because",
  "\\Re z, \\Im z, \\aleph_0, \\ell, \\wp, \\emptyset, \\infty, \\angle, \\triangle, \\Box, \\dagger, \\star, \\circ",
  "\\frac{a", "x_{1,2} = \\ldots, \\; 1, 2, \\dots, n \\; a + \\dots + z",
};

int
main (int argc, char **argv)
{
  const GdkRGBA black = { 0.15f, 0.15f, 0.17f, 1 };
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string (argc > 2 ? argv[2] : "Cantarell 11");
  cairo_font_options_t *options = cairo_font_options_create ();
  GtkSnapshot *snapshot;
  GskRenderNode *node;
  cairo_surface_t *surface;
  cairo_t *cr;
  double x = 20;
  double y = 20;
  double line = 0;
  GPtrArray *boxes = g_ptr_array_new ();
  gboolean inline_too = argc > 3;

  if (argc < 2)
    return 2;
  gtk_init ();
  snapshot = gtk_snapshot_new ();
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 96);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_font_description (context, font);
  for (gsize i = 0; i < G_N_ELEMENTS (formulas); i++)
    for (int k = 0; k < (inline_too ? 2 : 1); k++)
      {
        BobbinMathBox *box = bobbin_math_box_new (formulas[i], -1, context, NULL, k == 0);
        double width = box->width / (double) PANGO_SCALE;

        if (x + width > PAGE_WIDTH - 20)
          {
            x = 20;
            y += line + 22;
            line = 0;
          }
        g_ptr_array_add (boxes, box);
        bobbin_math_box_snapshot (box, snapshot, x, y + box->ascent / (double) PANGO_SCALE, 1, &black);
        line = MAX (line, (box->ascent + box->descent) / (double) PANGO_SCALE);
        x += width + 36;
      }
  y += line + 20;
  node = gtk_snapshot_free_to_node (snapshot);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PAGE_WIDTH * SCALE, (int) (y * SCALE));
  cr = cairo_create (surface);
  cairo_scale (cr, SCALE, SCALE);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  gsk_render_node_draw (node, cr);
  cairo_surface_write_to_png (surface, argv[1]);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  gsk_render_node_unref (node);
  g_ptr_array_foreach (boxes, (GFunc) bobbin_math_box_free, NULL);
  g_ptr_array_unref (boxes);
  cairo_font_options_destroy (options);
  pango_font_description_free (font);
  g_object_unref (context);

  return 0;
}
