using System.Collections.Frozen;
using Minion.Models.Providers.Local;

namespace Minion.Models.Cache;

/// <summary>Words that the guard knows something about; all but the negations as stems.</summary>
internal static class WordLists
{
    public static readonly FrozenSet<string> Negations = Set(
        "not no never without none nothing nobody neither nor cannot dont doesnt didnt isnt arent wasnt wont cant couldnt shouldnt wouldnt havent hasnt unable");

    /// <summary>What may be said or left out without changing a question.</summary>
    public static readonly FrozenSet<string> Light = Stems(
        "reason cause best good great way ways thing things really actually possible possibly effective effectively easily quickly people person someone somebody anyone anybody "
        + "everyone know think tell say mean want need use using used make help please currently ever become exactly able properly simply truly basically "
        + "kind type sort lot common main various let try ask answer feel");

    /// <summary>On both sides the same, or none.</summary>
    public static readonly FrozenSet<string> Dates = Stems(
        "january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday "
        + "today yesterday tomorrow tonight morning evening weekly monthly yearly daily hourly");

    /// <summary>On both sides the same, or none, where there are numbers.</summary>
    public static readonly FrozenSet<string> Units = Stems(
        "day week month year hour minute second millisecond km kilometer mile meter foot feet inch cm mm kg kilogram pound lb gram ounce liter gallon celsius fahrenheit kelvin "
        + "usd eur gbp inr dollar euro rupee yen percent kb mb gb tb byte bit mbps ghz");

    private static readonly FrozenDictionary<string, string[]> OppositeOf = Pairs(
        "increase/decrease increase/reduce gain/lose buy/sell good/bad best/worst open/close start/stop begin/end enable/disable install/uninstall import/export upload/download "
        + "add/remove create/delete before/after first/last min/max minimum/maximum more/less most/least high/low higher/lower highest/lowest hot/cold male/female man/woman men/women boy/girl "
        + "husband/wife boyfriend/girlfriend encrypt/decrypt push/pull send/receive win/lose advantage/disadvantage pros/cons legal/illegal possible/impossible true/false "
        + "left/right inside/outside input/output public/private old/new oldest/newest cheap/expensive fast/slow fastest/slowest strong/weak big/small large/small largest/smallest "
        + "long/short early/late north/south east/west love/hate like/dislike lock/unlock connect/disconnect show/hide read/write rise/fall positive/negative similar/different "
        + "similarity/difference same/different son/daughter mother/father brother/sister king/queen day/night summer/winter lend/borrow teach/learn heaven/hell war/peace up/down internal/external "
        + "upgrade/downgrade allow/block accept/reject with/without rich/poor happy/sad safe/dangerous alive/dead full/empty above/below over/under cause/cure benefit/risk debit/credit "
        + "online/offline attack/defend hire/fire on/off horizontal/vertical row/column serialize/deserialize compress/decompress encode/decode parent/child client/server "
        + "mount/unmount grant/revoke include/exclude subscribe/unsubscribe login/logout accept/decline approve/deny synchronous/asynchronous even/odd ascending/descending");

    private static readonly FrozenDictionary<string, string[]> SameAs = Groups(
        "get obtain acquire;buy purchase;fix repair solve resolve;create build;big large huge;begin start;end finish;quick fast rapid;learn study;improve increase enhance boost;"
        + "movie film;job career;computer pc;mobile phone smartphone;picture photo image;kid child children;remove delete erase;company firm;problem issue trouble;way method;"
        + "travel trip;website site;prepare preparation;popular famous;difference distinguish differ;often frequently;choose select pick;country nation;smart intelligent;"
        + "us usa america american;define definition;example instance;effect impact influence;opinion view thought;quit stop;app application;cost price;"
        + "hard difficult tough;easy simple;need require;happen occur;show display;run execute;config configuration setting;directory folder;error exception");

    public static bool Opposed(string stem, HashSet<string> others) => OppositeOf.TryGetValue(stem, out var opposites) && Array.Exists(opposites, others.Contains);

    public static bool Same(string stem, string other) => stem == other || (SameAs.TryGetValue(stem, out var same) && same.Contains(other));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> Stems(string words) => words.Split(' ').Select(Stem.Of).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string[]> Pairs(string pairs) => pairs.Split(' ')
        .Select(p => p.Split('/'))
        .SelectMany(p => new[] { (Stem.Of(p[0]), Stem.Of(p[1])), (Stem.Of(p[1]), Stem.Of(p[0])) })
        .GroupBy(p => p.Item1, p => p.Item2)
        .ToFrozenDictionary(g => g.Key, g => g.Distinct().ToArray(), StringComparer.Ordinal);

    private static FrozenDictionary<string, string[]> Groups(string groups) => groups.Split(';')
        .Select(g => g.Split(' ').Select(Stem.Of).Distinct().ToArray())
        .SelectMany(g => g.Select(word => (word, g)))
        .GroupBy(p => p.word, p => p.g)
        .ToFrozenDictionary(g => g.Key, g => g.SelectMany(w => w).Distinct().ToArray(), StringComparer.Ordinal);
}
