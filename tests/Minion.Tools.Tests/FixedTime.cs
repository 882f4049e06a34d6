namespace Minion.Tools.Tests;

/// <summary>A clock that stands still.</summary>
internal sealed class FixedTime(string now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(now);
}
