namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Counts the attacks that were contained, and prints the score in the end: <c>./test</c> shows such lines.</summary>
public sealed class BatteryScore : IDisposable
{
    private int _contained;

    internal string Kind { get; set; } = "";

    internal void Add() => Interlocked.Increment(ref _contained);

    public void Dispose()
    {
        if (_contained > 0)
        {
            Console.WriteLine($"Score: escape battery {Kind}: {_contained} of {Attacks.All.Count} attacks contained");
        }
    }
}
