using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Streams;

/// <summary>A text of which a client has the beginning: how much, and a hash by which the same beginning is told from another.</summary>
internal readonly record struct ShownText(int Length, ulong Hash)
{
    // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv) over UTF-16 code units: it goes on where it stopped.
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public ShownText Add(ReadOnlySpan<char> text)
    {
        var hash = Length == 0 ? Start : Hash;
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return new ShownText(Length + text.Length, Length + text.Length == 0 ? 0 : hash);
    }

    public bool IsBeginningOf(string text) => Length == 0 || (Length <= text.Length && default(ShownText).Add(text.AsSpan(0, Length)) == this);
}

/// <summary>What a client has of the answer of a step that it has not had all of.</summary>
internal readonly record struct Shown(CallPosition Position, ShownText Text, ShownText Reasoning, int Calls)
{
    public bool IsEmpty => Text.Length == 0 && Reasoning.Length == 0 && Calls == 0;

    public static Shown Nothing(CallPosition position) => new(position, default, default, 0);

    public Shown Add(DeltaKind kind, string text) =>
        kind == DeltaKind.Text ? this with { Text = Text.Add(text) } : this with { Reasoning = Reasoning.Add(text) };
}
