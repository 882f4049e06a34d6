using System.Collections.Concurrent;

namespace Minion.Tools.Sandboxes;

/// <summary>How many sandboxes there are at a time, and which user each is on the host.</summary>
internal sealed class Slots(int count) : IDisposable
{
    // A range that no distribution gives to people, services or containers (subuid(5) begins at 100,000 and ends below 600,100,000).
    private const int FirstUser = 2_000_000_000;
    private const int UsersOfOneProcess = 1_024;

    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentStack<int> _numbers = new(Enumerable.Range(0, count).Reverse());
    private readonly int _first = FirstUser + (Environment.ProcessId % 65_536 * UsersOfOneProcess);

    /// <summary>Waits for a free one.</summary>
    public async Task<Slot> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        _numbers.TryPop(out var number);
        return new Slot(_first + number, () =>
        {
            _numbers.Push(number);
            _free.Release();
        });
    }

    public void Dispose() => _free.Dispose();
}

/// <summary>One of them.</summary>
/// <param name="User">The user on the host when this process is root; no other sandbox is this user meanwhile.</param>
/// <param name="Leave">Gives it back.</param>
internal sealed record Slot(int User, Action Leave) : IDisposable
{
    public void Dispose() => Leave();
}
