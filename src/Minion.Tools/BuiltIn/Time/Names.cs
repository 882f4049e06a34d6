using System.Text;

namespace Minion.Tools.BuiltIn.Time;

/// <summary>Makes names of places comparable: lower case, without diacritics and punctuation, single spaces.</summary>
internal static class Names
{
    // Normalization to decomposed form does nothing where globalization is invariant, so the letters are listed.
    private static readonly (string Letters, string Plain)[] Letters =
    [
        ("áàâäãåāăąǎ", "a"), ("æ", "ae"), ("çćčĉċ", "c"), ("ďđð", "d"), ("éèêëēĕėęě", "e"), ("ğĝġģ", "g"), ("ĥħ", "h"),
        ("íìîïīĩįı", "i"), ("ĵ", "j"), ("ķ", "k"), ("łľĺļ", "l"), ("ñńňņ", "n"), ("óòôöõøōŏő", "o"), ("œ", "oe"),
        ("ŕřŗ", "r"), ("śšşșŝ", "s"), ("ß", "ss"), ("ťţțŧ", "t"), ("þ", "th"), ("úùûüūŭůűųũ", "u"), ("ŵ", "w"), ("ýÿŷ", "y"), ("źžż", "z"),
    ];

    private static readonly Dictionary<char, string> Plain =
        Letters.SelectMany(row => row.Letters.Select(letter => (letter, row.Plain))).ToDictionary(pair => pair.letter, pair => pair.Plain);

    public static string Normalize(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name.ToLowerInvariant())
        {
            if (Plain.TryGetValue(letter, out var plain))
            {
                text.Append(plain);
            }
            else if (char.IsLetterOrDigit(letter) || letter is '+')
            {
                text.Append(letter);
            }
            else if (letter is ' ' or '_' or '-' or '/' or ',' && text.Length > 0 && text[^1] != ' ')
            {
                text.Append(' ');
            }
        }

        return text.ToString().TrimEnd();
    }
}
