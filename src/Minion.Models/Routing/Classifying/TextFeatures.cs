namespace Minion.Models.Routing;

/// <summary>What can be counted in a text in one pass: the learned part of a prompt's difficulty goes by it.</summary>
internal readonly struct TextFeatures
{
    /// <summary>How many numbers <see cref="Write"/> gives.</summary>
    public const int Count = 16;

    /// <summary>Of a longer text only so many characters are read, half of them from its beginning and half from its end.</summary>
    public const int MostCharacters = 8_192;

    private readonly int _characters;
    private readonly Counts _counts;

    private TextFeatures(int characters, Counts counts) => (_characters, _counts) = (characters, counts);

    /// <summary>The words read.</summary>
    public int Words => _counts.Words;

    /// <summary>The numbers read, <c>2,340.5</c> being one.</summary>
    public int Numbers => _counts.Numbers;

    /// <summary>The words read that ask for thinking.</summary>
    public int ReasoningWords => _counts.Reasoning;

    /// <summary>How much of the text is written in the signs of mathematics, 0 to 1.</summary>
    public double MathShare => Share(_counts.Mathematics);

    /// <summary>How much of the text is written in the signs of programs, 0 to 1.</summary>
    public double CodeShare => Share(_counts.Code);

    /// <summary>Reads a text; <paramref name="words"/> hears of each word and number as a hash and its length.</summary>
    public static TextFeatures Read(ReadOnlySpan<char> text, ref WordHashes words)
    {
        var counts = default(Counts);
        if (text.Length <= MostCharacters)
        {
            Scan(text, ref counts, ref words);
        }
        else
        {
            Scan(text[..(MostCharacters / 2)], ref counts, ref words);
            Scan(text[^(MostCharacters / 2)..], ref counts, ref words);
        }

        return new TextFeatures(text.Length, counts);
    }

    /// <summary>The features as numbers of about one in size, in an order that the weights rely on.</summary>
    public void Write(Span<float> into)
    {
        var sentences = Math.Max(1, _counts.Sentences);
        into[0] = 1;
        into[1] = Log(_characters) / 4;
        into[2] = Log(_counts.Words) / 3;
        into[3] = Log(_counts.Numbers);
        into[4] = Log(_counts.Sentences);
        into[5] = Log(_counts.Lines);
        into[6] = Log(_counts.Questions);
        into[7] = (float)Math.Min(1, MathShare * 10);
        into[8] = (float)Math.Min(1, CodeShare * 10);
        into[9] = _counts.Words == 0 ? 0 : _counts.Letters / (float)_counts.Words / 5;
        into[10] = Math.Min(3, _counts.Words / (float)sentences / 15);
        into[11] = _counts.Options >= 3 ? 1 : 0;
        into[12] = _counts.Options >= 3 ? Log(_characters) / 4 : 0;
        into[13] = _counts.Options >= 3 ? 0 : Log(_counts.Numbers);
        into[14] = _counts.Options >= 3 ? Log(_counts.Numbers) : 0;
        into[15] = Log(_counts.Foreign);
    }

    private double Share(int signs) => signs / (double)Math.Max(1, Math.Min(_characters, MostCharacters));

    private static float Log(int count) => MathF.Log(1 + count);

    private static void Scan(ReadOnlySpan<char> text, ref Counts counts, ref WordHashes words)
    {
        var lineStart = true;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsAsciiLetter(c) || (c > 127 && char.IsLetter(c)))
            {
                var start = i;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_'))
                {
                    i++;
                }

                counts.Options += lineStart && i - start == 1 && i < text.Length && text[i] is '.' or ')' ? 1 : 0;
                counts.Words++;
                counts.Reasoning += Routing.ReasoningWords.Contains(text[start..i]) ? 1 : 0;
                counts.Letters += i - start;
                words.Add(text[start..i]);
                lineStart = false;
                continue;
            }

            if (char.IsAsciiDigit(c))
            {
                var start = i;
                while (i < text.Length && (char.IsAsciiDigit(text[i]) || (text[i] is '.' or ',' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))))
                {
                    i++;
                }

                counts.Numbers++;
                words.AddNumber(i - start);
                lineStart = false;
                continue;
            }

            counts.Sign(c, text[(i + 1)..]);
            lineStart = c == '\n' || (lineStart && c is ' ' or '\t' or '(');
            i++;
        }
    }

    private struct Counts
    {
        public int Words;
        public int Letters;
        public int Numbers;
        public int Sentences;
        public int Lines;
        public int Questions;
        public int Mathematics;
        public int Code;
        public int Options;
        public int Foreign;
        public int Reasoning;

        public void Sign(char sign, ReadOnlySpan<char> after)
        {
            Code += IsOfCode(sign, after) ? 1 : 0;
            switch (sign)
            {
                case '.' or '!':
                    Sentences++;
                    break;
                case '?':
                    Sentences++;
                    Questions++;
                    break;
                case '\n':
                    Lines++;
                    break;
                case '+' or '*' or '/' or '^' or '=' or '\\' or '|':
                    Mathematics++;
                    break;
                case > (char)127:
                    Foreign++;
                    Mathematics += char.GetUnicodeCategory(sign) == System.Globalization.UnicodeCategory.MathSymbol ? 1 : 0;
                    break;
                default:
                    break;
            }
        }

        // Braces and semicolons alone are of sets and of sentences, too.
        private static bool IsOfCode(char sign, ReadOnlySpan<char> after)
        {
            var next = after.Length == 0 ? '\n' : after[0];
            return (sign, next) is ('`', _) or (';', '\n' or '\r' or '}') or ('{', '\n' or '\r') or ('(', ')') or ('=', '>' or '=') or ('!', '=') or ('/', '/')
                || (sign == ';' && after.StartsWith(" }"));
        }
    }
}
