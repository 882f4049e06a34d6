using System.Collections;
using System.Runtime.CompilerServices;
using Xunit;

namespace Minion.Testing;

/// <summary>Waits on what comes by itself. A slow machine is given much time; a failure says what was awaited and what was there instead.</summary>
public static class Eventually
{
    /// <summary>How long is waited where nothing else is said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private const int LongestText = 4_000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? patience = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, patience: patience);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">What is awaited and what is there instead, asked when it did not come.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static Task HoldsAsync(Func<bool> condition, Func<string> what, TimeSpan? patience = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, patience: patience);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="passing">The exceptions that only mean "not yet"; every other one ends the wait.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static Task HoldsAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", Func<Exception, bool>? passing = null, TimeSpan? patience = null) =>
        HoldsAsync(condition, () => what, passing, patience);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">What is awaited and what is there instead, asked when it did not come.</param>
    /// <param name="passing">The exceptions that only mean "not yet"; every other one ends the wait.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static Task HoldsAsync(Func<Task<bool>> condition, Func<string> what, Func<Exception, bool>? passing = null, TimeSpan? patience = null) =>
        LookAsync(condition, holds => holds, what, passing, patience ?? Patience);

    /// <summary>Waits until a value is as wanted, and returns it.</summary>
    /// <param name="read">Reads the value, again and again.</param>
    /// <param name="wanted">Whether this is it.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not become that in time.</exception>
    public static Task<T> BecomesAsync<T>(Func<T> read, Func<T, bool> wanted, [CallerArgumentExpression(nameof(wanted))] string what = "", TimeSpan? patience = null) =>
        LookAsync(() => Task.FromResult(read()), wanted, () => what, passing: null, patience ?? Patience);

    /// <summary>Waits until a value is as wanted, and returns it.</summary>
    /// <param name="read">Reads the value, again and again.</param>
    /// <param name="wanted">Whether this is it.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="passing">The exceptions that only mean "not yet"; every other one ends the wait.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not become that in time.</exception>
    public static Task<T> BecomesAsync<T>(
        Func<Task<T>> read,
        Func<T, bool> wanted,
        [CallerArgumentExpression(nameof(wanted))] string what = "",
        Func<Exception, bool>? passing = null,
        TimeSpan? patience = null) =>
        LookAsync(read, wanted, () => what, passing, patience ?? Patience);

    private static async Task<T> LookAsync<T>(Func<Task<T>> read, Func<T, bool> wanted, Func<string> what, Func<Exception, bool>? passing, TimeSpan patience)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var started = TimeProvider.System.GetTimestamp();
        var pause = FirstPause;
        using var timer = new PeriodicTimer(pause, TimeProvider.System);
        while (true)
        {
            var (seen, failure) = ("", (Exception?)null);
            using var stuck = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
            stuck.CancelAfter(patience);
            try
            {
                var value = await read().WaitAsync(stuck.Token);
                if (wanted(value))
                {
                    return value;
                }

                seen = value is bool ? "" : $"; last seen: {Text(value)}";
            }
            catch (OperationCanceledException late) when (stuck.IsCancellationRequested && !cancelled.IsCancellationRequested)
            {
                (seen, failure) = ("; the last look did not end", late);
            }
            catch (Exception e) when (passing?.Invoke(e) is true)
            {
                (seen, failure) = ($"; last seen: {e.GetType().Name}: {e.Message}", e);
            }

            var waited = TimeProvider.System.GetElapsedTime(started);
            if (waited > patience)
            {
                throw new TimeoutException($"Waited {waited.TotalSeconds:0} s for: {what()}{seen}", failure);
            }

            await timer.WaitForNextTickAsync(cancelled);
            // Slower by and by: a look may cost something, and what takes long is not hurried by it.
            timer.Period = pause = pause * 1.2 < LongestPause ? pause * 1.2 : LongestPause;
        }
    }

    private static string Text(object? value)
    {
        var text = value is IEnumerable several and not string ? $"[{string.Join(", ", several.Cast<object?>())}]" : $"{value}";
        return text.Length > LongestText ? text[..LongestText] + "…" : text;
    }
}
