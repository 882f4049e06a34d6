using System.Text;

namespace Minion.Tools.Context;

/// <summary>What a provider can tell: pieces, the most useful first, of which as many are told as there is room for.</summary>
/// <param name="Title">What it is; a line.</param>
/// <param name="Pieces">Texts without an end of line at their end.</param>
internal sealed record ContextSection(string Title, IReadOnlyList<string> Pieces)
{
    /// <summary>Tokens of everything.</summary>
    public int Tokens => TokensOf(Title) + Pieces.Sum(TokensOf);

    /// <summary>An estimate: four bytes of UTF-8 are a token, and so is each end of line.</summary>
    public static int TokensOf(string text) => (Encoding.UTF8.GetByteCount(text) / 4) + 1;

    /// <summary>As much as fits, in order; a piece that does not fit is left out, and shorter ones after it are still told.</summary>
    public (string Text, int Tokens, bool Shortened) Render(int budget)
    {
        var text = new StringBuilder(Title);
        var used = TokensOf(Title);
        var left = 0;
        foreach (var piece in Pieces)
        {
            var tokens = TokensOf(piece);
            if (used + tokens > budget)
            {
                left++;
                continue;
            }

            text.Append('\n').Append(piece);
            used += tokens;
        }

        return left == Pieces.Count ? ("", 0, Pieces.Count > 0) : (text.ToString(), used, left > 0);
    }
}

/// <summary>A provider cannot tell anything.</summary>
/// <param name="message">Why; a sentence for a person.</param>
internal sealed class ContextUnavailableException(string message) : Exception(message);
