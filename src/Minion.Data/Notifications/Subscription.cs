namespace Minion.Data.Notifications;

internal readonly record struct Notification(string Channel, string Payload);

internal sealed record Subscription(string Channel, Action<string> Handler, Action? Listening);
