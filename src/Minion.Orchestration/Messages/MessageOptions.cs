using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Messages;

/// <summary>What becomes of a message to a topic that nobody subscribes to.</summary>
internal enum WithoutSubscriber
{
    /// <summary>A dead letter, which can be replayed when somebody subscribes.</summary>
    DeadLetter,

    /// <summary>Nothing.</summary>
    Drop,
}

/// <summary>The settings in the section <c>Messages</c>.</summary>
internal sealed class MessageOptions : IValidatableObject
{
    public const string Section = "Messages";

    /// <summary>How often a message is handed out before it becomes a dead letter; 1 to 100, default 5.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The pause before it is handed out the second time, doubled from time to time; 0 to 1 h, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause; 0 to 1 day, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What becomes of a message to a topic without a subscriber; default DeadLetter.</summary>
    public WithoutSubscriber WithoutSubscriber { get; set; } = WithoutSubscriber.DeadLetter;

    /// <summary>Hours for which acknowledged messages are kept, and with them their keys; 1 to 87,600, default 72.</summary>
    [Range(1, 87_600)]
    public int RetentionHours { get; set; } = 72;

    /// <summary>Days for which dead letters are kept; 1 to 3650, default 30.</summary>
    [Range(1, 3650)]
    public int DeadLetterDays { get; set; } = 30;

    /// <summary>How often what is over is looked for; 100 ms to 1 h, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The poll that stands behind the wake-ups; 10 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Enum.IsDefined(WithoutSubscriber))
        {
            yield return new ValidationResult("Messages:WithoutSubscriber must be DeadLetter or Drop.", [nameof(WithoutSubscriber)]);
        }
    }
}
