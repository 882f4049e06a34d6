namespace Minion.Models.Providers.Local;

/// <summary>
/// Takes English endings off a word, so that its forms become one: the plain endings of the S-stemmer (Harman 1991, "How effective is
/// suffixing?") and -ing, -ed, -ly. What is left is no word to show to anybody.
/// </summary>
internal static class Stem
{
    private const int Shortest = 3;

    private static readonly (string Ending, string Instead)[] Endings =
        [("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", "")];

    public static string Of(string word)
    {
        var stem = word;
        foreach (var (ending, instead) in Endings)
        {
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length - ending.Length >= Shortest && (ending == "sses" || !word.EndsWith("ss", StringComparison.Ordinal)))
            {
                stem = word[..^ending.Length] + instead;
                break;
            }
        }

        if (stem.Length > Shortest && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's'))
        {
            stem = stem[..^1];
        }

        return stem.Length > 4 && stem[^1] == 'e' ? stem[..^1] : stem;
    }
}
