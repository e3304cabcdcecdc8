"""Small named leaves that every layer may use: money, periods, the Armenian text key. No Django, nothing of ours."""
