import window_one
