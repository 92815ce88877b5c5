"""Words that matter to the checker of sentences: negations, opposites, quantities, synonyms.

Only lists. How they are used is the concern of `tutor.statement` and `tutor.polarity`.
"""

NEGATIONS = frozenset(
    """not no never none nothing nobody neither nor cannot without n't hardly barely rarely seldom
    unable instead rather nowhere""".split()
)
BACKWARD = frozenset({"nothing", "none", "nobody"})  # these also negate the verb before them
STOP_WORDS = frozenset(
    """a an and are as at be been being but by can could do does did for from has have had if in
    into is it its may might of on one ones or so such than that the their them then there these
    they this those to was were which while who whom whose will with would you your also just very
    when where how what both either because since whereas although though about however therefore
    thus hence still even already must should we our us he she his her i s t too up out yet upon
    though via ever itself themselves usually often typically mostly generally normally commonly
    simply merely mainly much quite really""".split()
)
CONTRASTS = frozenset("but while whereas unlike although though ;".split())
BREAKS = CONTRASTS | frozenset("because since so which when if as".split())
LIGHT = frozenset("all every each per any only always never".split())  # judged, but not weighed
# Words of any subject: where a chapter lacks them, a sentence with them says little more.
GENERAL = frozenset(
    """let lets allow allows make makes made get gets take takes taken put puts come comes go goes
    say says said see sees seen know thing things way ways case cases fact facts matter matters
    mean means kind kinds type types lot example instance practice general end place point good
    great important main key able different various possible new own first now today once again
    together else especially actually well work works working happen happens want wants try tries
    like serve serves called known based form forms become help helps helping purpose reason result
    results time times number amount set sets sit sits busy bring brings""".split()
)
# One group a line; a word is replaced by the first of its group.
SYNONYM_GROUPS = """
use uses used using employ employs employed utilize utilizes apply applies applied
show shows showed shown demonstrate demonstrates demonstrated reveal reveals
start starts started begin begins began
choose chooses chosen choosing select selects selected selecting pick picks picked
split splits splitting cut cuts divide divides divided break breaks broken
remove removes removed removing delete deletes deleted eliminate eliminates discard discards rid
require requires required requiring need needs needed demand demands
generate generates generated generating produce produces produced producing write writes written
generate writing create creates created
method methods technique techniques approach approaches
big large
fix fixes fixed repair repairs repaired remedy remedies cure cures solve solves solved
get gets receive receives received obtain obtains obtained
keep keeps kept preserve preserves preserved retain retains retained maintain maintains
let lets allow allows allowed enable enables permit permits
whole entire complete
give gives given yield yields provide provides provided supply supplies supplied
stay stays remain remains remaining
become becomes turn turns
occur occurs happen happens
build builds built construct constructs
change changes changed alter alters altered modify modifies modified
avoid avoids prevent prevents
error errors mistake mistakes
piece pieces part parts fragment fragments
several multiple
cost costs price prices expense expenses
combine combines combined join joins joined merge merges merged mix mixes mixed
compute computes computed calculate calculates calculated
improve improves improved enhance enhances
decide decides determine determines
depend depends rely relies
contain contains hold holds include includes
goal aim
connect connects connected link links linked
replace replaces replaced substitute substitutes
reach reaches reached achieve achieves achieved attain
concentrate concentrates focus focuses
near close
picture pictures image images
check checks checked verify verifies verified
person people human humans
answer answers reply replies response responses
find finds found discover discovers
likely probable plausible
unlikely improbable
scale scales scaled multiply multiplies multiplied
"""
SYNONYMS = {word: line.split()[0] for line in SYNONYM_GROUPS.splitlines() for word in line.split()}
# Words that turn a statement around when exchanged for their partner.
DIRECTIONS = (
    ("more most many greater larger large largest bigger big biggest higher highest high"
     " stronger strong huge long longer longest extra additional",
     "fewer few fewest less least smaller small smallest lower lowest low weaker weak tiny"
     " short shorter shortest"),
    ("increase increases increased increasing raise raises raised raising grow grows growing"
     " growth rise rises rising enlarge enlarges lengthen lengthens widen widens gain gains",
     "decrease decreases decreased decreasing reduce reduces reduced reducing reduction shrink"
     " shrinks shrinking fall falls falling drop drops lower lowers lowered lowering shorten"
     " shortens narrow narrows lose loses"),
    ("faster fast fastest quicker quick quickly", "slower slow slowest slowly"),
    ("always every all each everything everyone whole entire entirely completely fully exactly",
     "some partly partially sometimes certain"),
    ("always usually often commonly typically mostly frequent frequently common", "rare"),
    ("before first earlier early beginning start previous preceding past",
     "after last later late end following next future afterwards afterward"),
    ("deterministic fixed exact exactly", "random randomly stochastic approximate sampled"),
    ("cheaper cheap cheapest inexpensive", "costlier expensive dearer dear costly"),
    ("flatten flattens flattened flatter flat", "sharpen sharpens sharpened sharper sharp"),
    ("add adds added adding insert inserts keep keeps kept keeping",
     "remove removes removed removing drop drops dropped discard discards omit omits"),
    ("freeze freezes frozen freezing untouched unchanged",
     "train trains trained updates updated update changes changed change"),
    ("minimize minimizes minimizing minimum", "maximize maximizes maximizing maximum"),
    ("better best improve improves improved improving help helps",
     "worse worst hurt hurts harm harms degrade degrades"),
    ("overfitting overfit", "underfitting underfit"),
    ("above over exceeds beyond", "below under within"),
    ("easy easier simple simpler simplest", "hard harder difficult complex complicated"),
    ("same equal identical alike", "different differ differs unequal"),
    ("stable", "unstable"),
    ("known", "unknown"),
    ("symmetric", "asymmetric"),
    ("true correct right", "false incorrect wrong"),
    ("safe", "unsafe dangerous"),
    ("close near", "far distant"),
    ("open", "closed"),
    ("parallel", "sequential sequentially"),
    ("together jointly shared", "separately independently separate independent"),
    ("active", "inactive"),
    ("vanish vanishes vanishing", "explode explodes exploding"),
    ("necessary needed required", "unnecessary optional"),
    ("possible", "impossible"),
    ("success succeed succeeds", "failure fail fails"),
)  # fmt: skip
# Things that are set against each other; one of them is never meant by a word for the other.
PARTNERS = (
    ("left", "right"),
    ("encoder encoders", "decoder decoders"),
    ("bidirectional", "causal unidirectional"),
    ("positive", "negative"),
    ("forward", "backward reverse"),
    ("input inputs", "output outputs"),
    ("training trained", "inference generation"),
    ("static", "dynamic contextual"),
    ("sparse", "dense"),
    ("local", "global"),
    ("linear linearly", "quadratic quadratically exponential exponentially"),
    ("absolute", "relative"),
    ("generative", "discriminative"),
    ("teacher teachers", "student students"),
    ("top upper", "bottom lower"),
    ("row rows", "column columns"),
    ("supervised labeled", "unsupervised self-supervised unlabeled"),
    ("precision", "recall"),
    ("source", "target"),
    ("user", "system"),
)
OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split())) for one, other in DIRECTIONS + PARTNERS
)
PARTNERED = frozenset(word for pair in PARTNERS for words in pair for word in words.split())
PREFIXES = ("un", "in", "im", "ir", "non", "dis")  # likely, unlikely
QUANTITIES = frozenset(
    """two three four five six seven eight nine ten twelve twenty hundred hundreds thousand
    thousands million millions billion billions trillion trillions half third quarter twice double
    dozen percent kib kb mb mib gb gib tb ms seconds minutes hours days weeks""".split()
)
ALL = frozenset("all every each any always whole per".split())
STRICT = frozenset("only exactly completely entirely guarantee guarantees".split())
FEW = frozenset("once few small".split())  # "only" before these says nothing more


def axes() -> dict[str, tuple[tuple[int, int], ...]]:
    """Each directed word with its axes and its sign on each."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for axis, pair in enumerate(OPPOSITES):
        for sign, words in zip((1, -1), pair, strict=True):
            for word in words:
                found[word] = (*found.get(word, ()), (axis, sign))
    return found


AXES = axes()
