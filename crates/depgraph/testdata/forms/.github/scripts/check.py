# uvshift: ignore
import check_one
