namespace Minion.Models.Money;

/// <summary>
/// What this process holds of accounts, and what it has to tell the database of them. Kept in memory, so that most calls reserve without
/// asking anybody. For several threads at once.
/// </summary>
internal sealed class AccountBook(TimeProvider time)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountKey, Account> _accounts = [];

    /// <summary>Takes everything that is needed out of what is held; false, and nothing taken, when something is missing.</summary>
    public bool TryTake(IReadOnlyList<Need> needs)
    {
        lock (_lock)
        {
            foreach (var need in needs)
            {
                if (need.Amount > 0 && !(_accounts.TryGetValue(need.Key, out var account) && account.Free >= need.Amount && !account.IsOverdrawn))
                {
                    return false;
                }
            }

            foreach (var need in needs.Where(n => n.Amount > 0))
            {
                Touch(need.Key).Free -= need.Amount;
            }

            return true;
        }
    }

    /// <summary>Takes in what the database granted, less what is needed at once.</summary>
    public void Grant(IReadOnlyList<Grant> grants, IReadOnlyList<Need> needs)
    {
        lock (_lock)
        {
            var needed = needs.ToDictionary(n => n.Key, n => n.Amount);
            foreach (var grant in grants)
            {
                var account = Touch(grant.Key);
                var more = grant.Granted - needed[grant.Key];
                account.Free += more;
                account.Low = more == 0;
            }
        }
    }

    /// <summary>
    /// Ends a reservation: what was used is used, and what is left serves the next call, or goes back when little is left. What was used
    /// beyond it is paid out of what is held; when that is not enough nothing more is held in advance.
    /// </summary>
    /// <param name="key">The account.</param>
    /// <param name="reserved">What was reserved; 0 when nothing was, or when what was held is void.</param>
    /// <param name="used">What was used.</param>
    public void Settle(AccountKey key, decimal reserved, decimal used)
    {
        lock (_lock)
        {
            var account = Touch(key);
            var paid = Math.Min(used, reserved + account.Free);
            account.Used += used;
            account.Released += paid;
            account.Free += reserved - paid;
            if (used > paid)
            {
                account.Low = true;
                account.Overdrawn = true;
            }
        }
    }

    /// <summary>Whether more of one of the accounts was used than was held, and the database may not know it yet.</summary>
    public bool IsOverdrawn(IReadOnlyList<Need> needs)
    {
        lock (_lock)
        {
            return needs.Any(n => _accounts.TryGetValue(n.Key, out var account) && account.IsOverdrawn);
        }
    }

    /// <summary>The database knows what was drained last.</summary>
    public void Told(IReadOnlyList<AccountChange> changes)
    {
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (_accounts.TryGetValue(change.Key, out var account))
                {
                    account.OverdrawnOnItsWay = false;
                }
            }
        }
    }

    /// <summary>What is held in advance of an account is to go back, because somebody needs it; whether there is anything.</summary>
    public bool GiveUpChunk(AccountKey key)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(key, out var account))
            {
                return false;
            }

            account.Low = true;
            return account.Free > 0;
        }
    }

    /// <summary>Forgets what is held, because it was given back for this process; what was used stays to be told.</summary>
    public void Void()
    {
        lock (_lock)
        {
            foreach (var account in _accounts.Values)
            {
                account.Free = account.Released = 0;
            }
        }
    }

    /// <summary>What is to be told the database; afterwards it counts as told. What is held in advance goes back where little is left, or none is asked for.</summary>
    public List<AccountChange> Drain(bool everything)
    {
        var changes = new List<AccountChange>();
        lock (_lock)
        {
            foreach (var (key, account) in _accounts)
            {
                var idle = time.GetElapsedTime(account.Touched) > Idle;
                if (everything || account.Low || idle)
                {
                    account.Released += account.Free;
                    account.Free = 0;
                }

                if (account.Used != 0 || account.Released != 0)
                {
                    changes.Add(new AccountChange(key, account.Used, account.Released, account.Free > 0));
                    account.Used = account.Released = 0;
                    (account.OverdrawnOnItsWay, account.Overdrawn) = (account.Overdrawn, false);
                }
                else if (idle && account.Free == 0)
                {
                    _accounts.Remove(key);
                }
            }
        }

        return changes;
    }

    private Account Touch(AccountKey key)
    {
        if (!_accounts.TryGetValue(key, out var account))
        {
            _accounts[key] = account = new Account();
        }

        account.Touched = time.GetTimestamp();
        return account;
    }

    private sealed class Account
    {
        /// <summary>Held, and promised to no call.</summary>
        public decimal Free { get; set; }

        public decimal Used { get; set; }

        public decimal Released { get; set; }

        /// <summary>Little is left of the budget: nothing is held in advance.</summary>
        public bool Low { get; set; }

        /// <summary>More was used than was held, and the database was not told.</summary>
        public bool Overdrawn { get; set; }

        /// <summary>The database is being told.</summary>
        public bool OverdrawnOnItsWay { get; set; }

        public bool IsOverdrawn => Overdrawn || OverdrawnOnItsWay;

        public long Touched { get; set; }
    }
}
