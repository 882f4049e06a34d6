using System.Globalization;
using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Streams;

/// <summary>Where a stream of a run stands: all of the journal up to an entry, and some of the answer after it.</summary>
/// <param name="Seq">The last entry of which the client has all.</param>
/// <param name="IsDone">The client has also been told that the run ended there.</param>
/// <param name="Shown">What it has of the answer under way.</param>
internal readonly record struct RunCursor(long Seq, bool IsDone, Shown Shown)
{
    private const int Fields = 13;

    // Before there was output of tools.
    private const int FewerFields = 11;

    /// <summary>The last of what tools said that the client has.</summary>
    public OutputPosition Output { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seq}.{(IsDone ? 1 : 0)}.{Shown.Position.Step}.{Shown.Position.Call}.{Shown.Position.Epoch}.{Shown.Position.Attempt}.{Shown.Text.Length}.{Shown.Text.Hash}.{Shown.Reasoning.Length}.{Shown.Reasoning.Hash}.{Shown.Calls}.{Output.Epoch}.{Output.Number}");

    /// <summary>Null when the text is not a cursor.</summary>
    public static RunCursor? Parse(string text)
    {
        var parts = text.Split('.');
        var numbers = new ulong[Fields];
        if (parts.Length is not (Fields or FewerFields))
        {
            return null;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            // Hashes need all 64 bits; everything else is a count.
            var most = i is 7 or 9 ? ulong.MaxValue : i is 0 or 4 or 11 or 12 ? long.MaxValue : (ulong)int.MaxValue;
            if (!ulong.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > most)
            {
                return null;
            }
        }

        var position = new CallPosition((int)numbers[2], (int)numbers[3], (long)numbers[4], (int)numbers[5]);
        return new RunCursor(
            (long)numbers[0],
            numbers[1] == 1,
            new Shown(position, new ShownText((int)numbers[6], numbers[7]), new ShownText((int)numbers[8], numbers[9]), (int)numbers[10]))
        {
            Output = new OutputPosition((long)numbers[11], (long)numbers[12]),
        };
    }
}
