namespace Minion.Edge.OpenAi.Errors;

internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>What a client sent, fit for a message.</summary>
    public static string Short(string text)
    {
        var line = string.Concat(text.Take(Longest + 1).Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
