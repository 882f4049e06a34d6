namespace Minion.Models.Cache;

/// <summary>A request has something in it that no key can be made of.</summary>
internal sealed class NotCacheableException(string what) : Exception($"No key can be made of {what}.");
