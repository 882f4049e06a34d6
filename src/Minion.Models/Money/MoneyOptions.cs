using System.ComponentModel.DataAnnotations;

namespace Minion.Models.Money;

/// <summary>Settings of costs and budgets.</summary>
public sealed class MoneyOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Models:Costs";

    /// <summary>How long each call is kept; 1 day to 10 years, 90 days unless set. Its sum by day stays longer.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan UsageRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long the sums by day are kept; 40 days to 30 years, 5 years unless set.</summary>
    [Range(typeof(TimeSpan), "40.00:00:00", "10950.00:00:00")]
    public TimeSpan DayRetention { get; set; } = TimeSpan.FromDays(5 * 365);

    /// <summary>How often a process says that it lives; 100 ms to 1 minute, 2 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without a sign of life what a process has reserved is given back; 500 ms to 10 minutes, 10 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Networks besides the public ones that a budget's webhook may be in, as <c>10.0.0.0/8</c>; none unless set.</summary>
    public IList<string> WebhookNetworks { get; } = [];
}
