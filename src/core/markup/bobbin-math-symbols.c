#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-symbols.h"

#include <string.h>

#define ORD      BOBBIN_MATH_ORD
#define OP       BOBBIN_MATH_OP
#define BIN      BOBBIN_MATH_BIN
#define REL      BOBBIN_MATH_REL
#define OPEN     BOBBIN_MATH_OPENING
#define CLOSE    BOBBIN_MATH_CLOSING
#define PUNCT    BOBBIN_MATH_PUNCT
#define INNER    BOBBIN_MATH_INNER
#define VAR      BOBBIN_MATH_SYMBOL_VARIABLE
#define DELIM    BOBBIN_MATH_SYMBOL_DELIM
#define LIMITS   BOBBIN_MATH_SYMBOL_LIMITS

/* In the order of strcmp: it is searched by halves. */
static const BobbinMathSymbol symbols[] = {
  { "#", 0x23, ORD, 0 }, { "$", 0x24, ORD, 0 }, { "%", 0x25, ORD, 0 }, { "&", 0x26, ORD, 0 },
  { "AA", 0xC5, ORD, 0 }, { "AE", 0xC6, ORD, 0 }, { "Alpha", 0x391, ORD, 0 }, { "And", 0x26, BIN, 0 },
  { "Beta", 0x392, ORD, 0 }, { "Box", 0x25A1, ORD, 0 }, { "Bumpeq", 0x224E, REL, 0 }, { "Cap", 0x22D2, BIN, 0 },
  { "Chi", 0x3A7, ORD, 0 }, { "Cup", 0x22D3, BIN, 0 }, { "Delta", 0x394, ORD, 0 }, { "Diamond", 0x25C7, ORD, 0 },
  { "Doteq", 0x2251, REL, 0 }, { "Downarrow", 0x21D3, REL, DELIM }, { "Epsilon", 0x395, ORD, 0 },
  { "Eta", 0x397, ORD, 0 }, { "Finv", 0x2132, ORD, 0 }, { "Game", 0x2141, ORD, 0 }, { "Gamma", 0x393, ORD, 0 },
  { "Im", 0x2111, ORD, 0 }, { "Iota", 0x399, ORD, 0 }, { "Join", 0x22C8, REL, 0 }, { "Kappa", 0x39A, ORD, 0 },
  { "L", 0x141, ORD, 0 }, { "Lambda", 0x39B, ORD, 0 }, { "Leftarrow", 0x21D0, REL, 0 },
  { "Leftrightarrow", 0x21D4, REL, 0 }, { "Lleftarrow", 0x21DA, REL, 0 }, { "Longleftarrow", 0x27F8, REL, 0 },
  { "Longleftrightarrow", 0x27FA, REL, 0 }, { "Longrightarrow", 0x27F9, REL, 0 }, { "Lsh", 0x21B0, REL, 0 },
  { "Mu", 0x39C, ORD, 0 }, { "Nu", 0x39D, ORD, 0 }, { "O", 0xD8, ORD, 0 }, { "OE", 0x152, ORD, 0 },
  { "Omega", 0x3A9, ORD, 0 }, { "Omicron", 0x39F, ORD, 0 }, { "P", 0xB6, ORD, 0 }, { "Phi", 0x3A6, ORD, 0 },
  { "Pi", 0x3A0, ORD, 0 }, { "Psi", 0x3A8, ORD, 0 }, { "QED", 0x220E, ORD, 0 }, { "Re", 0x211C, ORD, 0 },
  { "Rho", 0x3A1, ORD, 0 }, { "Rightarrow", 0x21D2, REL, 0 }, { "Rrightarrow", 0x21DB, REL, 0 },
  { "Rsh", 0x21B1, REL, 0 }, { "S", 0xA7, ORD, 0 }, { "Sigma", 0x3A3, ORD, 0 }, { "Subset", 0x22D0, REL, 0 },
  { "Supset", 0x22D1, REL, 0 }, { "Tau", 0x3A4, ORD, 0 }, { "Theta", 0x398, ORD, 0 },
  { "Uparrow", 0x21D1, REL, DELIM }, { "Updownarrow", 0x21D5, REL, DELIM }, { "Upsilon", 0x3A5, ORD, 0 },
  { "Vdash", 0x22A9, REL, 0 }, { "Vert", 0x2016, ORD, DELIM }, { "Vvdash", 0x22AA, REL, 0 },
  { "Xi", 0x39E, ORD, 0 }, { "Zeta", 0x396, ORD, 0 }, { "_", 0x5F, ORD, 0 }, { "adots", 0x22F0, INNER, 0 },
  { "ae", 0xE6, ORD, 0 }, { "aleph", 0x2135, ORD, 0 }, { "alpha", 0x3B1, ORD, VAR }, { "amalg", 0x2A3F, BIN, 0 },
  { "angle", 0x2220, ORD, 0 }, { "approx", 0x2248, REL, 0 }, { "approxeq", 0x224A, REL, 0 },
  { "ast", 0x2217, BIN, 0 }, { "asymp", 0x224D, REL, 0 }, { "backepsilon", 0x3F6, REL, 0 },
  { "backprime", 0x2035, ORD, 0 }, { "backsim", 0x223D, REL, 0 }, { "backsimeq", 0x22CD, REL, 0 },
  { "backslash", 0x5C, ORD, DELIM }, { "barwedge", 0x22BC, BIN, 0 }, { "because", 0x2235, REL, 0 },
  { "beta", 0x3B2, ORD, VAR }, { "beth", 0x2136, ORD, 0 }, { "between", 0x226C, REL, 0 },
  { "bigcap", 0x22C2, OP, LIMITS }, { "bigcirc", 0x25EF, BIN, 0 }, { "bigcup", 0x22C3, OP, LIMITS },
  { "bigodot", 0x2A00, OP, LIMITS }, { "bigoplus", 0x2A01, OP, LIMITS }, { "bigotimes", 0x2A02, OP, LIMITS },
  { "bigsqcup", 0x2A06, OP, LIMITS }, { "bigstar", 0x2605, ORD, 0 }, { "bigtriangledown", 0x25BD, BIN, 0 },
  { "bigtriangleup", 0x25B3, BIN, 0 }, { "biguplus", 0x2A04, OP, LIMITS }, { "bigvee", 0x22C1, OP, LIMITS },
  { "bigwedge", 0x22C0, OP, LIMITS }, { "blacklozenge", 0x29EB, ORD, 0 }, { "blacksquare", 0x25A0, ORD, 0 },
  { "blacktriangle", 0x25B2, ORD, 0 }, { "blacktriangledown", 0x25BC, ORD, 0 },
  { "blacktriangleleft", 0x25C0, REL, 0 }, { "blacktriangleright", 0x25B6, REL, 0 }, { "bot", 0x22A5, ORD, 0 },
  { "bowtie", 0x22C8, REL, 0 }, { "boxdot", 0x22A1, BIN, 0 }, { "boxminus", 0x229F, BIN, 0 },
  { "boxplus", 0x229E, BIN, 0 }, { "boxtimes", 0x22A0, BIN, 0 }, { "bullet", 0x2219, BIN, 0 },
  { "bumpeq", 0x224F, REL, 0 }, { "cap", 0x2229, BIN, 0 }, { "cdot", 0x22C5, BIN, 0 }, { "cdotp", 0xB7, ORD, 0 },
  { "cdots", 0x22EF, INNER, 0 }, { "centerdot", 0x22C5, BIN, 0 }, { "checkmark", 0x2713, ORD, 0 },
  { "chi", 0x3C7, ORD, VAR }, { "circ", 0x2218, BIN, 0 }, { "circeq", 0x2257, REL, 0 },
  { "circlearrowleft", 0x21BA, REL, 0 }, { "circlearrowright", 0x21BB, REL, 0 }, { "circledR", 0xAE, ORD, 0 },
  { "circledS", 0x24C8, ORD, 0 }, { "circledast", 0x229B, BIN, 0 }, { "circledcirc", 0x229A, BIN, 0 },
  { "circleddash", 0x229D, BIN, 0 }, { "clubsuit", 0x2663, ORD, 0 }, { "colon", 0x3A, PUNCT, 0 },
  { "coloneq", 0x2254, REL, 0 }, { "coloneqq", 0x2254, REL, 0 }, { "colonequals", 0x2254, REL, 0 },
  { "complement", 0x2201, ORD, 0 }, { "cong", 0x2245, REL, 0 }, { "coprod", 0x2210, OP, LIMITS },
  { "copyright", 0xA9, ORD, 0 }, { "cup", 0x222A, BIN, 0 }, { "curlyvee", 0x22CE, BIN, 0 },
  { "curlywedge", 0x22CF, BIN, 0 }, { "curvearrowleft", 0x21B6, REL, 0 }, { "curvearrowright", 0x21B7, REL, 0 },
  { "dag", 0x2020, ORD, 0 }, { "dagger", 0x2020, BIN, 0 }, { "daleth", 0x2138, ORD, 0 },
  { "dashleftarrow", 0x21E0, REL, 0 }, { "dashrightarrow", 0x21E2, REL, 0 }, { "dashv", 0x22A3, REL, 0 },
  { "ddag", 0x2021, ORD, 0 }, { "ddagger", 0x2021, BIN, 0 }, { "ddots", 0x22F1, INNER, 0 },
  { "degree", 0xB0, ORD, 0 }, { "delta", 0x3B4, ORD, VAR }, { "diamond", 0x22C4, BIN, 0 },
  { "diamondsuit", 0x2662, ORD, 0 }, { "digamma", 0x3DD, ORD, 0 }, { "div", 0xF7, BIN, 0 },
  { "divideontimes", 0x22C7, BIN, 0 }, { "doteq", 0x2250, REL, 0 }, { "doteqdot", 0x2251, REL, 0 },
  { "dotplus", 0x2214, BIN, 0 }, { "dots", 0x2026, INNER, 0 }, { "dotsb", 0x22EF, INNER, 0 },
  { "dotsc", 0x2026, INNER, 0 }, { "dotsi", 0x22EF, INNER, 0 }, { "dotsm", 0x22EF, INNER, 0 },
  { "dotso", 0x2026, INNER, 0 }, { "doublebarwedge", 0x2A5E, BIN, 0 }, { "doublecap", 0x22D2, BIN, 0 },
  { "doublecup", 0x22D3, BIN, 0 }, { "downarrow", 0x2193, REL, DELIM }, { "downdownarrows", 0x21CA, REL, 0 },
  { "downharpoonleft", 0x21C3, REL, 0 }, { "downharpoonright", 0x21C2, REL, 0 }, { "ell", 0x2113, ORD, 0 },
  { "emptyset", 0x2205, ORD, 0 }, { "epsilon", 0x3F5, ORD, VAR }, { "eqcirc", 0x2256, REL, 0 },
  { "eqqcolon", 0x2255, REL, 0 }, { "eqslantgtr", 0x2A96, REL, 0 }, { "eqslantless", 0x2A95, REL, 0 },
  { "equiv", 0x2261, REL, 0 }, { "eta", 0x3B7, ORD, VAR }, { "eth", 0xF0, ORD, 0 }, { "euro", 0x20AC, ORD, 0 },
  { "exists", 0x2203, ORD, 0 }, { "fallingdotseq", 0x2252, REL, 0 }, { "flat", 0x266D, ORD, 0 },
  { "forall", 0x2200, ORD, 0 }, { "frown", 0x2322, REL, 0 }, { "gamma", 0x3B3, ORD, VAR },
  { "ge", 0x2265, REL, 0 }, { "geq", 0x2265, REL, 0 }, { "geqq", 0x2267, REL, 0 },
  { "geqslant", 0x2A7E, REL, 0 }, { "gets", 0x2190, REL, 0 }, { "gg", 0x226B, REL, 0 },
  { "ggg", 0x22D9, REL, 0 }, { "gggtr", 0x22D9, REL, 0 }, { "gimel", 0x2137, ORD, 0 },
  { "gneq", 0x2A88, REL, 0 }, { "gneqq", 0x2269, REL, 0 }, { "gt", 0x3E, REL, 0 },
  { "gtrapprox", 0x2A86, REL, 0 }, { "gtrdot", 0x22D7, BIN, 0 }, { "gtreqless", 0x22DB, REL, 0 },
  { "gtrless", 0x2277, REL, 0 }, { "gtrsim", 0x2273, REL, 0 }, { "hbar", 0x210F, ORD, 0 },
  { "heartsuit", 0x2661, ORD, 0 }, { "hookleftarrow", 0x21A9, REL, 0 }, { "hookrightarrow", 0x21AA, REL, 0 },
  { "hslash", 0x210F, ORD, 0 }, { "iddots", 0x22F0, INNER, 0 }, { "iff", 0x27FA, REL, 0 },
  { "iiiint", 0x2A0C, OP, 0 }, { "iiint", 0x222D, OP, 0 }, { "iint", 0x222C, OP, 0 },
  { "imath", 0x131, ORD, VAR }, { "impliedby", 0x27F8, REL, 0 }, { "implies", 0x27F9, REL, 0 },
  { "in", 0x2208, REL, 0 }, { "infty", 0x221E, ORD, 0 }, { "int", 0x222B, OP, 0 },
  { "intercal", 0x22BA, BIN, 0 }, { "iota", 0x3B9, ORD, VAR }, { "jmath", 0x237, ORD, VAR },
  { "kappa", 0x3BA, ORD, VAR }, { "l", 0x142, ORD, 0 }, { "lAngle", 0x27EA, OPEN, DELIM },
  { "lVert", 0x2016, OPEN, DELIM }, { "lambda", 0x3BB, ORD, VAR }, { "land", 0x2227, BIN, 0 },
  { "langle", 0x27E8, OPEN, DELIM }, { "lbrace", 0x7B, OPEN, DELIM }, { "lbrack", 0x5B, OPEN, DELIM },
  { "lceil", 0x2308, OPEN, DELIM }, { "ldotp", 0x2E, ORD, 0 }, { "ldots", 0x2026, INNER, 0 },
  { "le", 0x2264, REL, 0 }, { "leadsto", 0x21DD, REL, 0 }, { "leftarrow", 0x2190, REL, 0 },
  { "leftarrowtail", 0x21A2, REL, 0 }, { "leftharpoondown", 0x21BD, REL, 0 },
  { "leftharpoonup", 0x21BC, REL, 0 }, { "leftleftarrows", 0x21C7, REL, 0 },
  { "leftrightarrow", 0x2194, REL, 0 }, { "leftrightarrows", 0x21C6, REL, 0 },
  { "leftrightharpoons", 0x21CB, REL, 0 }, { "leftrightsquigarrow", 0x21AD, REL, 0 },
  { "leftthreetimes", 0x22CB, BIN, 0 }, { "leq", 0x2264, REL, 0 }, { "leqq", 0x2266, REL, 0 },
  { "leqslant", 0x2A7D, REL, 0 }, { "lessapprox", 0x2A85, REL, 0 }, { "lessdot", 0x22D6, BIN, 0 },
  { "lesseqgtr", 0x22DA, REL, 0 }, { "lessgtr", 0x2276, REL, 0 }, { "lesssim", 0x2272, REL, 0 },
  { "lfloor", 0x230A, OPEN, DELIM }, { "lgroup", 0x27EE, OPEN, DELIM }, { "lhd", 0x22B2, BIN, 0 },
  { "ll", 0x226A, REL, 0 }, { "llbracket", 0x27E6, OPEN, DELIM }, { "llcorner", 0x231E, OPEN, DELIM },
  { "lll", 0x22D8, REL, 0 }, { "llless", 0x22D8, REL, 0 }, { "lmoustache", 0x23B0, OPEN, DELIM },
  { "lneq", 0x2A87, REL, 0 }, { "lneqq", 0x2268, REL, 0 }, { "lnot", 0xAC, ORD, 0 },
  { "longleftarrow", 0x27F5, REL, 0 }, { "longleftrightarrow", 0x27F7, REL, 0 },
  { "longmapsto", 0x27FC, REL, 0 }, { "longrightarrow", 0x27F6, REL, 0 }, { "looparrowleft", 0x21AB, REL, 0 },
  { "looparrowright", 0x21AC, REL, 0 }, { "lor", 0x2228, BIN, 0 }, { "lozenge", 0x25CA, ORD, 0 },
  { "lq", 0x2018, ORD, 0 }, { "lrcorner", 0x231F, CLOSE, DELIM }, { "lt", 0x3C, REL, 0 },
  { "ltimes", 0x22C9, BIN, 0 }, { "lvert", 0x7C, OPEN, DELIM }, { "maltese", 0x2720, ORD, 0 },
  { "mapsto", 0x21A6, REL, 0 }, { "mathellipsis", 0x2026, INNER, 0 }, { "measuredangle", 0x2221, ORD, 0 },
  { "mho", 0x2127, ORD, 0 }, { "mid", 0x2223, REL, 0 }, { "models", 0x22A8, REL, 0 }, { "mp", 0x2213, BIN, 0 },
  { "mu", 0x3BC, ORD, VAR }, { "multimap", 0x22B8, REL, 0 }, { "nLeftarrow", 0x21CD, REL, 0 },
  { "nLeftrightarrow", 0x21CE, REL, 0 }, { "nRightarrow", 0x21CF, REL, 0 }, { "nVDash", 0x22AF, REL, 0 },
  { "nVdash", 0x22AE, REL, 0 }, { "nabla", 0x2207, ORD, 0 }, { "natural", 0x266E, ORD, 0 },
  { "ncong", 0x2247, REL, 0 }, { "ne", 0x2260, REL, 0 }, { "nearrow", 0x2197, REL, 0 }, { "neg", 0xAC, ORD, 0 },
  { "neq", 0x2260, REL, 0 }, { "nexists", 0x2204, ORD, 0 }, { "ngeq", 0x2271, REL, 0 },
  { "ngtr", 0x226F, REL, 0 }, { "ni", 0x220B, REL, 0 }, { "nleftarrow", 0x219A, REL, 0 },
  { "nleftrightarrow", 0x21AE, REL, 0 }, { "nleq", 0x2270, REL, 0 }, { "nless", 0x226E, REL, 0 },
  { "nmid", 0x2224, REL, 0 }, { "notin", 0x2209, REL, 0 }, { "notni", 0x220C, REL, 0 },
  { "nparallel", 0x2226, REL, 0 }, { "nprec", 0x2280, REL, 0 }, { "npreceq", 0x22E0, REL, 0 },
  { "nrightarrow", 0x219B, REL, 0 }, { "nsim", 0x2241, REL, 0 }, { "nsubseteq", 0x2288, REL, 0 },
  { "nsucc", 0x2281, REL, 0 }, { "nsucceq", 0x22E1, REL, 0 }, { "nsupseteq", 0x2289, REL, 0 },
  { "ntriangleleft", 0x22EA, REL, 0 }, { "ntrianglelefteq", 0x22EC, REL, 0 },
  { "ntriangleright", 0x22EB, REL, 0 }, { "ntrianglerighteq", 0x22ED, REL, 0 }, { "nu", 0x3BD, ORD, VAR },
  { "nvDash", 0x22AD, REL, 0 }, { "nvdash", 0x22AC, REL, 0 }, { "nwarrow", 0x2196, REL, 0 },
  { "o", 0xF8, ORD, 0 }, { "odot", 0x2299, BIN, 0 }, { "oe", 0x153, ORD, 0 }, { "oiiint", 0x2230, OP, 0 },
  { "oiint", 0x222F, OP, 0 }, { "oint", 0x222E, OP, 0 }, { "omega", 0x3C9, ORD, VAR },
  { "omicron", 0x3BF, ORD, VAR }, { "ominus", 0x2296, BIN, 0 }, { "oplus", 0x2295, BIN, 0 },
  { "oslash", 0x2298, BIN, 0 }, { "otimes", 0x2297, BIN, 0 }, { "owns", 0x220B, REL, 0 },
  { "parallel", 0x2225, REL, 0 }, { "partial", 0x2202, ORD, VAR }, { "perp", 0x27C2, REL, 0 },
  { "phi", 0x3D5, ORD, VAR }, { "pi", 0x3C0, ORD, VAR }, { "pitchfork", 0x22D4, REL, 0 }, { "pm", 0xB1, BIN, 0 },
  { "pounds", 0xA3, ORD, 0 }, { "prec", 0x227A, REL, 0 }, { "preccurlyeq", 0x227C, REL, 0 },
  { "preceq", 0x2AAF, REL, 0 }, { "precsim", 0x227E, REL, 0 }, { "prime", 0x2032, ORD, 0 },
  { "prod", 0x220F, OP, LIMITS }, { "propto", 0x221D, REL, 0 }, { "psi", 0x3C8, ORD, VAR },
  { "rAngle", 0x27EB, CLOSE, DELIM }, { "rVert", 0x2016, CLOSE, DELIM }, { "rangle", 0x27E9, CLOSE, DELIM },
  { "rbrace", 0x7D, CLOSE, DELIM }, { "rbrack", 0x5D, CLOSE, DELIM }, { "rceil", 0x2309, CLOSE, DELIM },
  { "restriction", 0x21BE, REL, 0 }, { "rfloor", 0x230B, CLOSE, DELIM }, { "rgroup", 0x27EF, CLOSE, DELIM },
  { "rhd", 0x22B3, BIN, 0 }, { "rho", 0x3C1, ORD, VAR }, { "rightarrow", 0x2192, REL, 0 },
  { "rightarrowtail", 0x21A3, REL, 0 }, { "rightharpoondown", 0x21C1, REL, 0 },
  { "rightharpoonup", 0x21C0, REL, 0 }, { "rightleftarrows", 0x21C4, REL, 0 },
  { "rightleftharpoons", 0x21CC, REL, 0 }, { "rightrightarrows", 0x21C9, REL, 0 },
  { "rightsquigarrow", 0x21DD, REL, 0 }, { "rightthreetimes", 0x22CC, BIN, 0 },
  { "risingdotseq", 0x2253, REL, 0 }, { "rmoustache", 0x23B1, CLOSE, DELIM }, { "rq", 0x2019, ORD, 0 },
  { "rrbracket", 0x27E7, CLOSE, DELIM }, { "rtimes", 0x22CA, BIN, 0 }, { "rvert", 0x7C, CLOSE, DELIM },
  { "searrow", 0x2198, REL, 0 }, { "semicolon", 0x3B, PUNCT, 0 }, { "setminus", 0x2216, BIN, 0 },
  { "sharp", 0x266F, ORD, 0 }, { "shortmid", 0x2223, REL, 0 }, { "shortparallel", 0x2225, REL, 0 },
  { "sigma", 0x3C3, ORD, VAR }, { "sim", 0x223C, REL, 0 }, { "simeq", 0x2243, REL, 0 },
  { "smallint", 0x222B, ORD, 0 }, { "smallsetminus", 0x2216, BIN, 0 }, { "smile", 0x2323, REL, 0 },
  { "spadesuit", 0x2660, ORD, 0 }, { "sphericalangle", 0x2222, ORD, 0 }, { "sqcap", 0x2293, BIN, 0 },
  { "sqcup", 0x2294, BIN, 0 }, { "sqsubset", 0x228F, REL, 0 }, { "sqsubseteq", 0x2291, REL, 0 },
  { "sqsupset", 0x2290, REL, 0 }, { "sqsupseteq", 0x2292, REL, 0 }, { "square", 0x25A1, ORD, 0 },
  { "ss", 0xDF, ORD, 0 }, { "star", 0x22C6, BIN, 0 }, { "subset", 0x2282, REL, 0 },
  { "subseteq", 0x2286, REL, 0 }, { "subseteqq", 0x2AC5, REL, 0 }, { "subsetneq", 0x228A, REL, 0 },
  { "subsetneqq", 0x2ACB, REL, 0 }, { "succ", 0x227B, REL, 0 }, { "succcurlyeq", 0x227D, REL, 0 },
  { "succeq", 0x2AB0, REL, 0 }, { "succsim", 0x227F, REL, 0 }, { "sum", 0x2211, OP, LIMITS },
  { "supset", 0x2283, REL, 0 }, { "supseteq", 0x2287, REL, 0 }, { "supseteqq", 0x2AC6, REL, 0 },
  { "supsetneq", 0x228B, REL, 0 }, { "supsetneqq", 0x2ACC, REL, 0 }, { "surd", 0x221A, ORD, 0 },
  { "swarrow", 0x2199, REL, 0 }, { "tau", 0x3C4, ORD, VAR }, { "therefore", 0x2234, REL, 0 },
  { "theta", 0x3B8, ORD, VAR }, { "thickapprox", 0x2248, REL, 0 }, { "thicksim", 0x223C, REL, 0 },
  { "times", 0xD7, BIN, 0 }, { "to", 0x2192, REL, 0 }, { "top", 0x22A4, ORD, 0 }, { "triangle", 0x25B3, ORD, 0 },
  { "triangleleft", 0x25C3, BIN, 0 }, { "trianglelefteq", 0x22B4, REL, 0 }, { "triangleq", 0x225C, REL, 0 },
  { "triangleright", 0x25B9, BIN, 0 }, { "trianglerighteq", 0x22B5, REL, 0 },
  { "twoheadleftarrow", 0x219E, REL, 0 }, { "twoheadrightarrow", 0x21A0, REL, 0 },
  { "ulcorner", 0x231C, OPEN, DELIM }, { "unlhd", 0x22B4, BIN, 0 }, { "unrhd", 0x22B5, BIN, 0 },
  { "uparrow", 0x2191, REL, DELIM }, { "updownarrow", 0x2195, REL, DELIM }, { "upharpoonleft", 0x21BF, REL, 0 },
  { "upharpoonright", 0x21BE, REL, 0 }, { "uplus", 0x228E, BIN, 0 }, { "upsilon", 0x3C5, ORD, VAR },
  { "upuparrows", 0x21C8, REL, 0 }, { "urcorner", 0x231D, CLOSE, DELIM }, { "vDash", 0x22A8, REL, 0 },
  { "varDelta", 0x1D6E5, ORD, 0 }, { "varGamma", 0x1D6E4, ORD, 0 }, { "varLambda", 0x1D6EC, ORD, 0 },
  { "varOmega", 0x1D6FA, ORD, 0 }, { "varPhi", 0x1D6F7, ORD, 0 }, { "varPi", 0x1D6F1, ORD, 0 },
  { "varPsi", 0x1D6F9, ORD, 0 }, { "varSigma", 0x1D6F4, ORD, 0 }, { "varTheta", 0x1D6E9, ORD, 0 },
  { "varUpsilon", 0x1D6F6, ORD, 0 }, { "varXi", 0x1D6EF, ORD, 0 }, { "varepsilon", 0x3B5, ORD, VAR },
  { "varkappa", 0x3F0, ORD, VAR }, { "varnothing", 0x2205, ORD, 0 }, { "varphi", 0x3C6, ORD, VAR },
  { "varpi", 0x3D6, ORD, VAR }, { "varpropto", 0x221D, REL, 0 }, { "varrho", 0x3F1, ORD, VAR },
  { "varsigma", 0x3C2, ORD, VAR }, { "vartheta", 0x3D1, ORD, VAR }, { "vartriangle", 0x25B5, REL, 0 },
  { "vartriangleleft", 0x22B2, REL, 0 }, { "vartriangleright", 0x22B3, REL, 0 }, { "vdash", 0x22A2, REL, 0 },
  { "vdots", 0x22EE, ORD, 0 }, { "vee", 0x2228, BIN, 0 }, { "veebar", 0x22BB, BIN, 0 },
  { "vert", 0x7C, ORD, DELIM }, { "wedge", 0x2227, BIN, 0 }, { "wp", 0x2118, ORD, 0 }, { "wr", 0x2240, BIN, 0 },
  { "xi", 0x3BE, ORD, VAR }, { "yen", 0xA5, ORD, 0 }, { "zeta", 0x3B6, ORD, VAR }, { "{", 0x7B, OPEN, DELIM },
  { "|", 0x2016, ORD, DELIM }, { "}", 0x7D, CLOSE, DELIM },
};

const BobbinMathSymbol *
_bobbin_math_symbol_nth (gsize index)
{
  return index < G_N_ELEMENTS (symbols) ? &symbols[index] : NULL;
}

const BobbinMathSymbol *
_bobbin_math_symbol_by_name (const char *name,
                             gsize       length)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (symbols);

  while (low < high)
    {
      gsize middle = (low + high) / 2;
      int order = strncmp (name, symbols[middle].name, length);

      if (order == 0 && symbols[middle].name[length] == '\0')
        return &symbols[middle];
      if (order > 0)
        low = middle + 1;
      else
        high = middle;
    }

  return NULL;
}

static BobbinMathClass
class_of_ascii (gunichar c)
{
  switch (c)
    {
    case '+': case '*': case '-':
      return BIN;
    case '=': case '<': case '>': case ':':
      return REL;
    case '(': case '[': case '{':
      return OPEN;
    case ')': case ']': case '}': case '!': case '?':
      return CLOSE;
    case ',': case ';':
      return PUNCT;
    default:
      return ORD;
    }
}

BobbinMathClass
_bobbin_math_class_of (gunichar c)
{
  if (c < 0x80)
    return class_of_ascii (c);
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (symbols[i].c == c)
      return symbols[i].atom;
  if ((c >= 0x2190 && c <= 0x21ff) || (c >= 0x2264 && c <= 0x228b) || (c >= 0x27f0 && c <= 0x27ff))
    return REL;
  if (g_unichar_type (c) == G_UNICODE_OPEN_PUNCTUATION)
    return OPEN;
  if (g_unichar_type (c) == G_UNICODE_CLOSE_PUNCTUATION)
    return CLOSE;

  return ORD;
}
