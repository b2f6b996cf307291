/* Letters of formulas as Unicode has them: one block of Mathematical Alphanumeric Symbols, with holes for what was there before. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-tree.h"

/* Where the letters of each alphabet begin; 0: it has none. */
static const struct { gunichar upper; gunichar lower; gunichar digits; gunichar greek; } starts[] = {
  [BOBBIN_MATH_ALPHABET_NORMAL] = { 0x1d434, 0x1d44e, 0, 0 },
  [BOBBIN_MATH_ALPHABET_ROMAN] = { 0, 0, 0, 0 },
  [BOBBIN_MATH_ALPHABET_ITALIC] = { 0x1d434, 0x1d44e, 0, 0x1d6e2 },
  [BOBBIN_MATH_ALPHABET_BOLD] = { 0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8 },
  [BOBBIN_MATH_ALPHABET_BOLD_ITALIC] = { 0x1d468, 0x1d482, 0x1d7ce, 0x1d71c },
  [BOBBIN_MATH_ALPHABET_SCRIPT] = { 0x1d49c, 0x1d4b6, 0, 0 },
  [BOBBIN_MATH_ALPHABET_BOLD_SCRIPT] = { 0x1d4d0, 0x1d4ea, 0, 0 },
  [BOBBIN_MATH_ALPHABET_FRAKTUR] = { 0x1d504, 0x1d51e, 0, 0 },
  [BOBBIN_MATH_ALPHABET_BOLD_FRAKTUR] = { 0x1d56c, 0x1d586, 0, 0 },
  [BOBBIN_MATH_ALPHABET_DOUBLE] = { 0x1d538, 0x1d552, 0x1d7d8, 0 },
  [BOBBIN_MATH_ALPHABET_SANS] = { 0x1d5a0, 0x1d5ba, 0x1d7e2, 0 },
  [BOBBIN_MATH_ALPHABET_SANS_BOLD] = { 0x1d5d4, 0x1d5ee, 0x1d7ec, 0x1d756 },
  [BOBBIN_MATH_ALPHABET_MONO] = { 0x1d670, 0x1d68a, 0x1d7f6, 0 },
};

static const struct { gunichar hole; gunichar c; } holes[] = {
  { 0x1d455, 0x210e }, { 0x1d49d, 0x212c }, { 0x1d4a0, 0x2130 }, { 0x1d4a1, 0x2131 }, { 0x1d4a3, 0x210b },
  { 0x1d4a4, 0x2110 }, { 0x1d4a7, 0x2112 }, { 0x1d4a8, 0x2133 }, { 0x1d4ad, 0x211b }, { 0x1d4ba, 0x212f },
  { 0x1d4bc, 0x210a }, { 0x1d4c4, 0x2134 }, { 0x1d506, 0x212d }, { 0x1d50b, 0x210c }, { 0x1d50c, 0x2111 },
  { 0x1d515, 0x211c }, { 0x1d51d, 0x2128 }, { 0x1d53a, 0x2102 }, { 0x1d53f, 0x210d }, { 0x1d545, 0x2115 },
  { 0x1d547, 0x2119 }, { 0x1d548, 0x211a }, { 0x1d549, 0x211d }, { 0x1d551, 0x2124 },
};

/* The place of @c among the 58 of a Greek alphabet; -1: it is not among them. */
static int
greek_place (gunichar c)
{
  static const gunichar others[] = { 0x2202, 0x3f5, 0x3d1, 0x3f0, 0x3d5, 0x3f1, 0x3d6 };

  if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2)
    return (int) (c - 0x391);
  if (c == 0x2207)
    return 25;
  if (c >= 0x3b1 && c <= 0x3c9)
    return (int) (c - 0x3b1) + 26;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (c == others[i])
      return (int) i + 51;

  return -1;
}

gunichar
bobbin_math_alphabet_map (BobbinMathAlphabet alphabet,
                          gunichar           c)
{
  int greek = greek_place (c);
  gunichar mapped = c;

  g_return_val_if_fail (alphabet < G_N_ELEMENTS (starts), c);

  if (c >= 'A' && c <= 'Z' && starts[alphabet].upper != 0)
    mapped = starts[alphabet].upper + (c - 'A');
  else if (c >= 'a' && c <= 'z' && starts[alphabet].lower != 0)
    mapped = starts[alphabet].lower + (c - 'a');
  else if (c >= '0' && c <= '9' && starts[alphabet].digits != 0)
    mapped = starts[alphabet].digits + (c - '0');
  else if (greek >= 0 && starts[alphabet].greek != 0)
    mapped = starts[alphabet].greek + (gunichar) greek;
  else if ((c == 0x131 || c == 0x237) && alphabet == BOBBIN_MATH_ALPHABET_NORMAL)
    mapped = c == 0x131 ? 0x1d6a4 : 0x1d6a5;
  else if (greek >= 26 && alphabet == BOBBIN_MATH_ALPHABET_NORMAL)
    mapped = 0x1d6e2 + (gunichar) greek;
  for (gsize i = 0; i < G_N_ELEMENTS (holes); i++)
    if (holes[i].hole == mapped)
      return holes[i].c;

  return mapped;
}
